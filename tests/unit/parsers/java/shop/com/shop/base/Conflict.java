package com.shop.base;

public class Conflict extends Exception {
    private String code;
}
