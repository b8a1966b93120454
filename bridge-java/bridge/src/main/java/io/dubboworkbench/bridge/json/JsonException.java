package io.dubboworkbench.bridge.json;

/** Text that is not JSON, or not JSON that we take; the message ends in the place. */
public final class JsonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public JsonException(String message) {
        super(message, null, false, false);
    }
}
