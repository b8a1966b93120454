package com.example.zoo;

import java.util.LinkedHashMap;

/** A map of its own, which says what its superclass holds. */
public class Ledger extends LinkedHashMap<Long, Color> {
    private static final long serialVersionUID = 1L;
}
