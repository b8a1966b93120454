package com.example.zoo;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Objects;

/** A key of maps: a class with equals and getters. */
public class Money implements Serializable {
    private static final long serialVersionUID = 1L;

    private BigDecimal amount;
    private String currency;

    public BigDecimal getAmount() {
        return amount;
    }

    public void setAmount(BigDecimal amount) {
        this.amount = amount;
    }

    public String getCurrency() {
        return currency;
    }

    public void setCurrency(String currency) {
        this.currency = currency;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Money money && Objects.equals(amount, money.amount) && Objects.equals(currency, money.currency);
    }

    @Override
    public int hashCode() {
        return Objects.hash(amount, currency);
    }
}
