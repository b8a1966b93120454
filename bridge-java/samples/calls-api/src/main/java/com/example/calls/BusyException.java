package com.example.calls;

/** Unchecked, and in the interface's own jar: it travels as it is, undeclared. */
public class BusyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;

    public BusyException(int code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public int getCode() {
        return code;
    }
}
