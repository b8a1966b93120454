package io.dubboworkbench.bridge.rpc;

import io.dubboworkbench.bridge.FailedException;
import org.apache.dubbo.common.URL;

/**
 * Methods that call their consumer back. Providers register them as `METHOD.INDEX.callback=true`. A typed consumer would
 * export an object of its own for the argument, a generic call would hand the provider a proxy that swallows each call.
 */
final class Callbacks {
    private static final int MOST_ARGUMENTS = 255;

    private Callbacks() {}

    /** @throws FailedException when the method is one of those */
    static void refuse(Definition definition, Reference reference) {
        int arguments = definition.erased() == null ? MOST_ARGUMENTS : definition.erased().size();
        for (URL provider : Routes.providers(reference)) {
            for (int i = 0; i < arguments; i++) {
                if (provider.getParameter(definition.method() + "." + i + ".callback", false)) {
                    throw new FailedException("CONFIG",
                        definition.title() + " calls its consumer back through argument " + (i + 1) + ": a step has no object that could be called",
                        "test what it does through another method, or call it from a tool jar that brings the listener");
                }
            }
        }
    }
}
