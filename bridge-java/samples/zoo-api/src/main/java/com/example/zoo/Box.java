package com.example.zoo;

import java.io.Serializable;
import java.util.List;
import java.util.Map;

/** A generic class. */
public class Box<T> implements Serializable {
    private static final long serialVersionUID = 1L;

    private T value;
    private List<T> more;
    private Map<String, T> named;

    public T getValue() {
        return value;
    }

    public void setValue(T value) {
        this.value = value;
    }

    public List<T> getMore() {
        return more;
    }

    public void setMore(List<T> more) {
        this.more = more;
    }

    public Map<String, T> getNamed() {
        return named;
    }

    public void setNamed(Map<String, T> named) {
        this.named = named;
    }
}
