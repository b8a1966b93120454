package com.example.notify;

import java.io.Serializable;
import java.time.LocalDateTime;

/** What became of a message. */
public class NotifyReceipt implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Above 2^53, as real ones are. */
    private long messageId;
    /** Null for a message that is not about a payment. */
    private String paymentId;
    private NotifyChannel channel;
    private String receiver;
    private String content;
    private boolean delivered;
    private LocalDateTime sentAt;

    public long getMessageId() {
        return messageId;
    }

    public void setMessageId(long messageId) {
        this.messageId = messageId;
    }

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

    public boolean isDelivered() {
        return delivered;
    }

    public void setDelivered(boolean delivered) {
        this.delivered = delivered;
    }

    public LocalDateTime getSentAt() {
        return sentAt;
    }

    public void setSentAt(LocalDateTime sentAt) {
        this.sentAt = sentAt;
    }
}
