package com.example.trade;

import com.example.common.BaseRequest;
import java.math.BigDecimal;

/** Give back all or a part of what was paid. */
public class RefundRequest extends BaseRequest {
    private static final long serialVersionUID = 1L;

    private String paymentId;
    /** Null: all that is left. */
    private BigDecimal amount;
    private String reason;

    public String getPaymentId() {
        return paymentId;
    }

    public void setPaymentId(String paymentId) {
        this.paymentId = paymentId;
    }

    public BigDecimal getAmount() {
        return amount;
    }

    public void setAmount(BigDecimal amount) {
        this.amount = amount;
    }

    public String getReason() {
        return reason;
    }

    public void setReason(String reason) {
        this.reason = reason;
    }
}
