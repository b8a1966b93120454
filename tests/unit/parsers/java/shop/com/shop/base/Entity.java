package com.shop.base;

import java.io.Serializable;

public abstract class Entity<ID extends Serializable> implements Serializable {
    private static final long serialVersionUID = 1L;
    protected ID id;
    private transient Object cache;
    public final int revision = 0;
}
