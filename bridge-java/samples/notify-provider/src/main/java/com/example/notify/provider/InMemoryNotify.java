package com.example.notify.provider;

import com.example.common.Result;
import com.example.notify.MessageNotifyAiFacade;
import com.example.notify.NotifyChannel;
import com.example.notify.NotifyReceipt;
import com.example.notify.PayNotifyRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The rules of notify over a {@link Mailbox}. */
public class InMemoryNotify implements MessageNotifyAiFacade {
    static final String MALFORMED = "3001";
    static final String RECEIVER = "3002";
    private static final int LONGEST = 500;
    private static final int LARGEST_LIST = 200;
    private static final long LONGEST_WAIT_MS = 600_000;
    private static final long DELIVERY_MS = 50;
    private static final Pattern NUMBER = Pattern.compile("\\+?[0-9]{5,20}");
    private static final Pattern ADDRESS = Pattern.compile("[^@\\s]+@[^@\\s]+");

    private final Mailbox mailbox;

    public InMemoryNotify() {
        this(true);
    }

    /** @param delivers false: a gateway that takes every message and delivers none */
    InMemoryNotify(boolean delivers) {
        mailbox = new Mailbox(delivers);
    }

    @Override
    public Result<NotifyReceipt> payNotify(PayNotifyRequest request) {
        if (request == null || request.getPaymentId() == null || !request.getPaymentId().startsWith("PAY")) {
            return Result.failure(MALFORMED, "paymentId must be as order gave it (PAY…)");
        }
        if (request.getChannel() == null || isBlank(request.getContent()) || request.getContent().length() > LONGEST) {
            return Result.failure(MALFORMED, "channel and a content of 1 to " + LONGEST + " characters are needed");
        }
        if (!suits(request.getReceiver(), request.getChannel())) {
            return Result.failure(RECEIVER, request.getReceiver() + " is no receiver for " + request.getChannel());
        }
        return Result.ok(mailbox.put(request.getPaymentId(), request.getChannel(), request.getReceiver(), request.getContent()));
    }

    @Override
    public CompletableFuture<Result<NotifyReceipt>> payNotifyAsync(PayNotifyRequest request) {
        return CompletableFuture.supplyAsync(() -> payNotify(request), CompletableFuture.delayedExecutor(DELIVERY_MS, TimeUnit.MILLISECONDS));
    }

    @Override
    public void push(String receiver, String text) {
        if (isBlank(receiver) || isBlank(text)) {
            throw new IllegalArgumentException("receiver and text are needed");
        }
        mailbox.put(null, NotifyChannel.PUSH, receiver, text);
    }

    @Override
    public Result<List<NotifyReceipt>> history(String receiver, int limit) {
        if (isBlank(receiver) || limit < 1 || limit > LARGEST_LIST) {
            return Result.failure(MALFORMED, "a receiver and a limit of 1 to " + LARGEST_LIST + " are needed");
        }
        return Result.ok(mailbox.of(receiver, limit));
    }

    @Override
    public String waitFor(long millis) {
        if (millis < 0 || millis > LONGEST_WAIT_MS) {
            throw new IllegalArgumentException("millis must be from 0 to " + LONGEST_WAIT_MS + ", not " + millis);
        }
        try {
            Thread.sleep(millis);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting", stop);
        }
        return "waited " + millis + " ms";
    }

    private static boolean suits(String receiver, NotifyChannel channel) {
        return !isBlank(receiver) && switch (channel) {
            case SMS -> NUMBER.matcher(receiver).matches();
            case EMAIL -> ADDRESS.matcher(receiver).matches();
            case PUSH -> true;
        };
    }

    private static boolean isBlank(String text) {
        return text == null || text.isBlank();
    }
}
