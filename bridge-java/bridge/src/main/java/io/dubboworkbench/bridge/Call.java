package io.dubboworkbench.bridge;

import java.util.Map;

/**
 * One call of a batch.
 *
 * @param arguments JSON array text
 * @param attachments to send along; never null
 * @param tag value of dubbo.tag, or empty
 * @param bornNs System.nanoTime() of its arrival, or of the moment when its line was ready
 * @param refusals how often a provider without a free thread has refused it so far
 */
public record Call(long id, long timeoutMs, String arguments, Map<String, Object> attachments, String tag, long bornNs, int refusals) {
    public Call refusedOnce() {
        return new Call(id, timeoutMs, arguments, attachments, tag, bornNs, refusals + 1);
    }

    /** What came before, like connecting, does not count. */
    public Call fromNow() {
        return new Call(id, timeoutMs, arguments, attachments, tag, System.nanoTime(), refusals);
    }

    /** Milliseconds until its timeout, counted from its birth. */
    public long leftMs() {
        return timeoutMs - (System.nanoTime() - bornNs) / 1_000_000;
    }
}
