package io.dubboworkbench.launch;

/** The command line makes no sense; the message says what to write instead. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }
}
