package com.example.zoo;

import java.io.Serializable;

/** A generic base class. */
public class Entity<K extends Comparable<K>, V> implements Serializable {
    private static final long serialVersionUID = 1L;

    protected K id;
    protected V payload;

    public K getId() {
        return id;
    }

    public void setId(K id) {
        this.id = id;
    }

    public V getPayload() {
        return payload;
    }

    public void setPayload(V payload) {
        this.payload = payload;
    }

    /** Says what the type variables are. */
    public static class PointEntity extends Entity<Long, Point> {
        private static final long serialVersionUID = 1L;
    }

    /** Says one of them, with a generic class inside. */
    public static class BoxEntity<B> extends Entity<String, Box<B>> {
        private static final long serialVersionUID = 1L;
    }
}
