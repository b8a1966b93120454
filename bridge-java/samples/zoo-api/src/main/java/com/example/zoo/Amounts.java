package com.example.zoo;

import java.math.BigDecimal;
import java.util.ArrayList;

/** A list of its own: on the wire it is its elements, and its class. */
public class Amounts extends ArrayList<BigDecimal> {
    private static final long serialVersionUID = 1L;
}
