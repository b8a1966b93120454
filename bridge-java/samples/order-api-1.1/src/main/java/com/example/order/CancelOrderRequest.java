package com.example.order;

import com.example.common.BaseRequest;

/** Cancel an order. */
public class CancelOrderRequest extends BaseRequest {
    private static final long serialVersionUID = 1L;

    private long orderId;
    private String reason;

    public long getOrderId() {
        return orderId;
    }

    public void setOrderId(long orderId) {
        this.orderId = orderId;
    }

    public String getReason() {
        return reason;
    }

    public void setReason(String reason) {
        this.reason = reason;
    }
}
