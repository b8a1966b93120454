package com.example.order;

import java.io.Serializable;
import java.math.BigDecimal;

/** One line of an order. */
public class OrderItem implements Serializable {
    private static final long serialVersionUID = 1L;

    private String sku;
    private String name;
    /** Above zero. */
    private int qty;
    /** Of one piece. */
    private BigDecimal price;

    public String getSku() {
        return sku;
    }

    public void setSku(String sku) {
        this.sku = sku;
    }

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public int getQty() {
        return qty;
    }

    public void setQty(int qty) {
        this.qty = qty;
    }

    public BigDecimal getPrice() {
        return price;
    }

    public void setPrice(BigDecimal price) {
        this.price = price;
    }
}
