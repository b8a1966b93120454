package com.example.trade;

public enum PayStatus {
    PAYING,
    PAID,
    REFUNDED
}
