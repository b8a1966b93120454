package io.dubboworkbench.bridge;

/** One callable method at one place, defined once and called often. */
public interface Line {
    /** Must not block: the answer goes to the outbox, at once or later. */
    void call(Call call);
}
