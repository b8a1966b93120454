package com.example.zoo;

import java.io.Serializable;

/** What Shadow hides. */
public class ShadowBase implements Serializable {
    private static final long serialVersionUID = 1L;

    public String code;
    public int base;
}
