package com.example.order;

import java.io.Serializable;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.Date;
import java.util.List;
import java.util.Map;

/** The order of a release in which {@code paymentId} has become {@code payId}; the provider still sets it by its old name. */
public class BizOrder implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Above 2^53, as real ones are. */
    private long orderId;
    private String requestNo;
    /** What trade is to be asked to pay. */
    private String payId;
    private String buyerId;
    private BigDecimal amount;
    private OrderStatus status;
    /** What the buyer earns: one for each whole unit of the amount. */
    private int points;
    private LocalDateTime createdAt;
    private Date updatedAt;
    private LocalDateTime deliverAt;
    private List<OrderItem> items;
    private Map<String, List<String>> labels;
    private BizOrderRequest.Address shipTo;

    public long getOrderId() {
        return orderId;
    }

    public void setOrderId(long orderId) {
        this.orderId = orderId;
    }

    public String getRequestNo() {
        return requestNo;
    }

    public void setRequestNo(String requestNo) {
        this.requestNo = requestNo;
    }

    public String getPayId() {
        return payId;
    }

    public void setPaymentId(String paymentId) {
        this.payId = paymentId;
    }

    public String getBuyerId() {
        return buyerId;
    }

    public void setBuyerId(String buyerId) {
        this.buyerId = buyerId;
    }

    public BigDecimal getAmount() {
        return amount;
    }

    public void setAmount(BigDecimal amount) {
        this.amount = amount;
    }

    public OrderStatus getStatus() {
        return status;
    }

    public void setStatus(OrderStatus status) {
        this.status = status;
    }

    public int getPoints() {
        return points;
    }

    public void setPoints(int points) {
        this.points = points;
    }

    public LocalDateTime getCreatedAt() {
        return createdAt;
    }

    public void setCreatedAt(LocalDateTime createdAt) {
        this.createdAt = createdAt;
    }

    public Date getUpdatedAt() {
        return updatedAt;
    }

    public void setUpdatedAt(Date updatedAt) {
        this.updatedAt = updatedAt;
    }

    public LocalDateTime getDeliverAt() {
        return deliverAt;
    }

    public void setDeliverAt(LocalDateTime deliverAt) {
        this.deliverAt = deliverAt;
    }

    public List<OrderItem> getItems() {
        return items;
    }

    public void setItems(List<OrderItem> items) {
        this.items = items;
    }

    public Map<String, List<String>> getLabels() {
        return labels;
    }

    public void setLabels(Map<String, List<String>> labels) {
        this.labels = labels;
    }

    public BizOrderRequest.Address getShipTo() {
        return shipTo;
    }

    public void setShipTo(BizOrderRequest.Address shipTo) {
        this.shipTo = shipTo;
    }
}
