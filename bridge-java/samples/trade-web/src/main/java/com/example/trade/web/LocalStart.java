package com.example.trade.web;

import java.util.concurrent.CountDownLatch;
import org.springframework.context.support.ClassPathXmlApplicationContext;

/** Starts the war's context without a servlet container, with its classes and libraries on the class path. */
public final class LocalStart {
    private LocalStart() {}

    public static void main(String[] arguments) throws InterruptedException {
        ClassPathXmlApplicationContext context = new ClassPathXmlApplicationContext("spring-trade.xml");
        context.registerShutdownHook();
        new CountDownLatch(1).await();
    }
}
