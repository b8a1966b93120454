package com.example.zoo;

/** Constants with a field, a body and a text that is not their name. */
public enum Color implements Paint {
    RED("#f00"),
    GREEN("#0f0") {
        @Override
        public String toString() {
            return "verde";
        }
    },
    BLUE("#00f");

    private final String code;

    Color(String code) {
        this.code = code;
    }

    @Override
    public String code() {
        return code;
    }
}
