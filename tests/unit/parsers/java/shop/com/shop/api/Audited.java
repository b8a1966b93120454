package com.shop.api;

public interface Audited {
    void audit(String who);
}
