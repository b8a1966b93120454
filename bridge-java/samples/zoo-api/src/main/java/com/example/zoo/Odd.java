package com.example.zoo;

import java.io.Serializable;
import java.net.InetAddress;
import java.util.AbstractMap;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicReference;

/** Fields of types that are seldom seen in one. */
public class Odd implements Serializable {
    private static final long serialVersionUID = 1L;

    public BitSet bits;
    public AtomicReference<String> reference;
    public AbstractMap.SimpleEntry<String, Long> entry;
    public InetAddress address;
}
