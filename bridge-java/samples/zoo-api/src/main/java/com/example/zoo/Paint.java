package com.example.zoo;

/** An interface that an enum implements. */
public interface Paint {
    String code();
}
