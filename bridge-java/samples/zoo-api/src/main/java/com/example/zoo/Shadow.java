package com.example.zoo;

/** A field that hides one of the superclass. */
public class Shadow extends ShadowBase {
    private static final long serialVersionUID = 1L;

    public String code;
}
