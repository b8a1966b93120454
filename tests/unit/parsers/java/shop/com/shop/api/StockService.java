package com.shop.api;

public interface StockService {
    int available(String sku, long warehouse);
}
