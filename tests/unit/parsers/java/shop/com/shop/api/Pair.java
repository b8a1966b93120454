package com.shop.api;

public class Pair<A, B extends Comparable<B>> {
    private A first;
    private B second;

    public class Half {
        private A content;
    }
}
