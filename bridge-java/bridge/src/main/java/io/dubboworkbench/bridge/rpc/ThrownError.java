package io.dubboworkbench.bridge.rpc;

/** Carries an Error that a provider's method threw past Dubbo's consumer, which takes no Throwable but an Exception over tri. */
final class ThrownError extends Exception {
    private static final long serialVersionUID = 1L;

    ThrownError(Error error) {
        super(null, error, false, false);
    }

    /** The Error, or what is none as it is. */
    static Throwable opened(Throwable thrown) {
        return thrown instanceof ThrownError carried ? carried.getCause() : thrown;
    }
}
