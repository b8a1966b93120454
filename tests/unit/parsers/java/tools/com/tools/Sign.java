package com.tools;

import java.util.List;

/** Signs texts. */
public class Sign extends Base<String> {
    public Sign() {}

    public Sign(String secret) {}

    /**
     * The signature.
     *
     * @param text what is signed
     * @return hexadecimal
     */
    public static String sign(String text) { return text; }

    public static String sign(String text, int rounds) { return text; }

    public List<String> all(String... texts) throws java.io.IOException { return List.of(texts); }

    @Override
    public int size() { return 1; }

    static String hidden() { return ""; }

    private String own() { return ""; }

    public static final class Inner {
        private Inner() {}

        public static boolean ok() { return true; }

        public boolean never() { return true; }
    }
}

class Base<T> {
    public int size() { return 0; }

    public T inherited(T value) { return value; }

    protected void guarded() {}
}

abstract class Shape {
    public Shape() {}

    public void draw() {}
}
