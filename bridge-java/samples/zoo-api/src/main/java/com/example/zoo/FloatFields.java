package com.example.zoo;

import java.io.Serializable;

/** A field of the type float with a neighbour: hessian-lite 4.0.4 reads both wrongly. */
public class FloatFields implements Serializable {
    private static final long serialVersionUID = 1L;

    public float narrow;
    public int next;
}
