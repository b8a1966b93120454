package com.shop.impl;

import com.shop.api.*;
import java.math.BigDecimal;
import org.apache.dubbo.config.annotation.DubboService;
import org.springframework.context.annotation.Bean;

public class Beans {
    @Bean
    @DubboService(group = "beans")
    public PriceService prices() {
        return null;
    }

    @Bean
    @org.apache.dubbo.config.annotation.Service(interfaceClass = Audited.class, version = "1")
    public OrderFacadeImpl audited() {
        return null;
    }

    /** Not a bean, so nothing is exported. */
    @DubboService
    public StockService forgotten() {
        return null;
    }
}
