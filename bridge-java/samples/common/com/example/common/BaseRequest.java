package com.example.common;

import java.io.Serializable;

/** What every request carries. */
public class BaseRequest implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The caller's own number of this request. */
    private String requestNo;
    private String traceId;

    public String getRequestNo() {
        return requestNo;
    }

    public void setRequestNo(String requestNo) {
        this.requestNo = requestNo;
    }

    public String getTraceId() {
        return traceId;
    }

    public void setTraceId(String traceId) {
        this.traceId = traceId;
    }
}
