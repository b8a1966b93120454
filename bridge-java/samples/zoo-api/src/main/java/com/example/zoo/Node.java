package com.example.zoo;

import java.io.Serializable;
import java.util.List;

/** Refers to itself: deep chains, trees, cycles. */
public class Node implements Serializable {
    private static final long serialVersionUID = 1L;

    public String name;
    public Node next;
    public List<Node> all;
}
