package com.shop.impl;

/** The interface comes from the superclass. */
@com.alibaba.dubbo.config.annotation.Service(version = "2.0.0")
public class StockServiceImpl extends StockServiceBase {
}
