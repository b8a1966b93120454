package com.shop.impl;

import com.shop.api.StockService;

public abstract class StockServiceBase implements StockService {
    public int available(String article, long house) {
        return 0;
    }
}
