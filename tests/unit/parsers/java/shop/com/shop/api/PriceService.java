package com.shop.api;

import java.math.BigDecimal;

public interface PriceService {
    BigDecimal price(String sku);
}
