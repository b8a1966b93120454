package com.example.calls.provider;

/** No consumer has its class. */
public final class DoorShutException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DoorShutException(String message, Throwable cause) {
        super(message, cause);
    }
}
