package com.example.order;

public enum OrderStatus {
    CREATED,
    PAID,
    SHIPPED,
    CANCELLED
}
