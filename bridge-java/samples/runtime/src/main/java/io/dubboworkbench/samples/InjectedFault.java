package io.dubboworkbench.samples;

/** What {@code --failure-rate} throws: an exception whose class no consumer has. */
public final class InjectedFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InjectedFault(String message) {
        super(message);
    }
}
