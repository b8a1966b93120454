package io.dubboworkbench.bridge.bind;

import java.util.List;

/** A request that does not fit its method; one line a problem, each with its path. */
public final class BindingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BindingException(List<String> problems) {
        super(String.join("\n", problems), null, false, false);
    }
}
