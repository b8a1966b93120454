package com.example.zoo;

import java.io.Serializable;

/** A record that refuses some values. */
public record Point(int x, long y) implements Serializable {
    public Point {
        if (x < 0) {
            throw new IllegalArgumentException("x must not be negative");
        }
    }
}
