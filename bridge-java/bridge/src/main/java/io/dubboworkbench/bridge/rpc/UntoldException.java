package io.dubboworkbench.bridge.rpc;

/** A call that can go generically only, without what the contract declares: who asked has more to tell, and asks again. */
final class UntoldException extends RuntimeException {
    /** Stands in the reply for the mode. */
    static final String MODE = "untold";
    private static final long serialVersionUID = 1L;

    UntoldException() {
        super("a generic call of what the contract declares", null, false, false);
    }
}
