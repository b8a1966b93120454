package com.example.notify;

import com.example.common.Result;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Messages. Codes: 0000 sent, 3001 something is missing or malformed, 3002 the receiver does not suit the channel. */
public interface MessageNotifyAiFacade {
    /** Sends a message about a payment. */
    Result<NotifyReceipt> payNotify(PayNotifyRequest request);

    /** The same, answered later without holding a thread. */
    CompletableFuture<Result<NotifyReceipt>> payNotifyAsync(PayNotifyRequest request);

    /**
     * Pushes a text and answers nothing.
     *
     * @throws IllegalArgumentException if either is missing
     */
    void push(String receiver, String text);

    /** What a receiver got, newest first, at most {@code limit} (1 to 200). */
    Result<List<NotifyReceipt>> history(String receiver, int limit);

    /**
     * Answers after so many milliseconds.
     *
     * @throws IllegalArgumentException if that is below zero or above ten minutes
     */
    String waitFor(long millis);
}
