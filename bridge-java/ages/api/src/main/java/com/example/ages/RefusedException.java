package com.example.ages;

/** A checked exception with a field of its own. */
public class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private String code;

    public RefusedException() {}

    public RefusedException(String message, String code) {
        super(message);
        this.code = code;
    }

    public String getCode() {
        return code;
    }
}
