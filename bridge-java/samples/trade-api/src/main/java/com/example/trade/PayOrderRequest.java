package com.example.trade;

import com.example.common.BaseRequest;
import java.math.BigDecimal;
import java.util.Map;

/** Pay one payment that the subsystem order has opened. */
public class PayOrderRequest extends BaseRequest {
    private static final long serialVersionUID = 1L;

    /** As order answers it: starts with PAY. */
    private String paymentId;
    /** Above zero, at most two decimals. */
    private BigDecimal amount;
    private PayChannel channel = PayChannel.BALANCE;
    private String payerId;
    private Map<String, String> attributes;

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

    public PayChannel getChannel() {
        return channel;
    }

    public void setChannel(PayChannel channel) {
        this.channel = channel;
    }

    public String getPayerId() {
        return payerId;
    }

    public void setPayerId(String payerId) {
        this.payerId = payerId;
    }

    public Map<String, String> getAttributes() {
        return attributes;
    }

    public void setAttributes(Map<String, String> attributes) {
        this.attributes = attributes;
    }
}
