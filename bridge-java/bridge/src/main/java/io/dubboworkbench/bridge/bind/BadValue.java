package io.dubboworkbench.bridge.bind;

/** A value that its type cannot hold without loss; the message says why. */
final class BadValue extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadValue(String message) {
        super(message, null, false, false);
    }
}
