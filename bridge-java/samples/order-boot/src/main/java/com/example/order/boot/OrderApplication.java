package com.example.order.boot;

import org.apache.dubbo.config.spring.context.annotation.EnableDubbo;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The subsystem order as a Spring Boot application: {@code java -jar order-boot-1.0.0.jar --dubbo.registry.address=…}. */
@SpringBootApplication
@EnableDubbo
public class OrderApplication {
    public static void main(String[] arguments) {
        SpringApplication.run(OrderApplication.class, arguments);
    }
}
