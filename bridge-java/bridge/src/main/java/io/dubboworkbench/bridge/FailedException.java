package io.dubboworkbench.bridge;

/** Carries a Failure up to where the call is answered. */
public final class FailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Failure failure;

    public FailedException(String cause, String message, String hint) {
        super(message, null, false, false);
        this.failure = Failure.of(cause, message, hint);
    }

    public Failure failure() {
        return failure;
    }
}
