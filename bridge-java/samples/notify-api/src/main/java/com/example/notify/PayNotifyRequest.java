package com.example.notify;

import com.example.common.BaseRequest;
import java.util.Map;

/** Tell somebody that a payment was made. */
public class PayNotifyRequest extends BaseRequest {
    private static final long serialVersionUID = 1L;

    /** Starts with PAY. */
    private String paymentId;
    private NotifyChannel channel;
    /** A number for SMS, an address for EMAIL, any name for PUSH. */
    private String receiver;
    /** At most 500 characters. */
    private String content;
    private Map<String, String> parameters;

    public String getPaymentId() {
        return paymentId;
    }

    public void setPaymentId(String paymentId) {
        this.paymentId = paymentId;
    }

    public NotifyChannel getChannel() {
        return channel;
    }

    public void setChannel(NotifyChannel channel) {
        this.channel = channel;
    }

    public String getReceiver() {
        return receiver;
    }

    public void setReceiver(String receiver) {
        this.receiver = receiver;
    }

    public String getContent() {
        return content;
    }

    public void setContent(String content) {
        this.content = content;
    }

    public Map<String, String> getParameters() {
        return parameters;
    }

    public void setParameters(Map<String, String> parameters) {
        this.parameters = parameters;
    }
}
