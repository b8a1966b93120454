package com.example.trade;

import java.io.Serializable;
import java.time.LocalDateTime;

/** Every field that is set narrows the result. */
public class PayQuery implements Serializable {
    private static final long serialVersionUID = 1L;

    private String payerId;
    private PayStatus status;
    private LocalDateTime createdAfter;

    public String getPayerId() {
        return payerId;
    }

    public void setPayerId(String payerId) {
        this.payerId = payerId;
    }

    public PayStatus getStatus() {
        return status;
    }

    public void setStatus(PayStatus status) {
        this.status = status;
    }

    public LocalDateTime getCreatedAfter() {
        return createdAfter;
    }

    public void setCreatedAfter(LocalDateTime createdAfter) {
        this.createdAfter = createdAfter;
    }
}
