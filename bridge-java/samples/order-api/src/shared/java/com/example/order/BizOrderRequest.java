package com.example.order;

import com.example.common.BaseRequest;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.Date;
import java.util.List;
import java.util.Map;

/** Place an order. */
public class BizOrderRequest extends BaseRequest {
    private static final long serialVersionUID = 1L;

    private String buyerId;
    /** Above zero, at most two decimals; the sum of the items where there are any. */
    private BigDecimal amount;
    /** True: the same request again answers the order that is there already. */
    private Boolean idempotentFlag;
    /** What "the same" means, together with the buyer, where there is no requestNo. */
    private String idempotentKey;
    /** None: the goods and their freight, as two items. */
    private List<OrderItem> items;
    private Map<String, List<String>> labels;
    private LocalDateTime deliverAt;
    private Date placedAt;
    private Address shipTo;

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

    public Boolean getIdempotentFlag() {
        return idempotentFlag;
    }

    public void setIdempotentFlag(Boolean idempotentFlag) {
        this.idempotentFlag = idempotentFlag;
    }

    public String getIdempotentKey() {
        return idempotentKey;
    }

    public void setIdempotentKey(String idempotentKey) {
        this.idempotentKey = idempotentKey;
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

    public LocalDateTime getDeliverAt() {
        return deliverAt;
    }

    public void setDeliverAt(LocalDateTime deliverAt) {
        this.deliverAt = deliverAt;
    }

    public Date getPlacedAt() {
        return placedAt;
    }

    public void setPlacedAt(Date placedAt) {
        this.placedAt = placedAt;
    }

    public Address getShipTo() {
        return shipTo;
    }

    public void setShipTo(Address shipTo) {
        this.shipTo = shipTo;
    }

    /** Where an order goes. */
    public static class Address implements Serializable {
        private static final long serialVersionUID = 1L;

        private String city;
        private String street;
        private String zip;

        public String getCity() {
            return city;
        }

        public void setCity(String city) {
            this.city = city;
        }

        public String getStreet() {
            return street;
        }

        public void setStreet(String street) {
            this.street = street;
        }

        public String getZip() {
            return zip;
        }

        public void setZip(String zip) {
            this.zip = zip;
        }
    }
}
