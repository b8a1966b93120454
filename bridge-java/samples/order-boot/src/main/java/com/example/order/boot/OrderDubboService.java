package com.example.order.boot;

import com.example.order.BizOrderAiFacade;
import com.example.order.provider.InMemoryOrders;
import org.apache.dubbo.config.annotation.DubboService;

/** Exports the rules of order under the version that application.properties states. */
@DubboService(version = "${order.service.version}", timeout = 3000)
public class OrderDubboService extends InMemoryOrders implements BizOrderAiFacade {}
