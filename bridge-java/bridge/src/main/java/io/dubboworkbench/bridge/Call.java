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
 * @param losses how often there was no connection to send it over, for the provider had just closed it
 */
public record Call(long id, long timeoutMs, String arguments, Map<String, Object> attachments, String tag, long bornNs, int refusals, int losses) {
    /** One that has just arrived. */
    public static Call born(long id, long timeoutMs, String arguments, Map<String, Object> attachments, String tag) {
        return new Call(id, timeoutMs, arguments, attachments, tag, System.nanoTime(), 0, 0);
    }

    public Call refusedOnce() {
        return new Call(id, timeoutMs, arguments, attachments, tag, bornNs, refusals + 1, losses);
    }

    public Call lostOnce() {
        return new Call(id, timeoutMs, arguments, attachments, tag, bornNs, refusals, losses + 1);
    }

    /** Whether it is sent for the first time, with all of its time before it. */
    public boolean isFresh() {
        return refusals == 0 && losses == 0;
    }

    /** What came before, like connecting, does not count. */
    public Call fromNow() {
        return new Call(id, timeoutMs, arguments, attachments, tag, System.nanoTime(), refusals, losses);
    }

    /** Milliseconds until its timeout, counted from its birth. */
    public long leftMs() {
        return timeoutMs - (System.nanoTime() - bornNs) / 1_000_000;
    }
}
