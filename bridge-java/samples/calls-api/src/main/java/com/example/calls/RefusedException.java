package com.example.calls;

import java.math.BigDecimal;
import java.util.List;

/** Declared and checked, with fields of its own. */
public class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final BigDecimal limit;
    private final List<String> details;

    public RefusedException(String code, String message, BigDecimal limit, List<String> details, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.limit = limit;
        this.details = details;
    }

    public String getCode() {
        return code;
    }

    public BigDecimal getLimit() {
        return limit;
    }

    public List<String> getDetails() {
        return details;
    }
}
