package com.example.calls.provider;

import com.example.calls.BusyException;
import com.example.calls.CallsFacade;
import com.example.calls.Listener;
import com.example.calls.Parcel;
import com.example.calls.RefusedException;
import com.example.calls.Spot;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.dubbo.common.URL;
import org.apache.dubbo.rpc.AsyncContext;
import org.apache.dubbo.rpc.RpcContext;

/** Answers out of what Dubbo tells it about the call. */
final class Calls implements CallsFacade {
    private static final int REMEMBERED = 1_000;
    private final List<String> notes = Collections.synchronizedList(new ArrayList<>());
    private final Validator validator = Validation.buildDefaultValidatorFactory().getValidator();

    @Override
    public Spot where() {
        URL url = RpcContext.getServiceContext().getUrl();
        return new Spot(url.getProtocol(), url.getPort(), url.getParameter("application"), url.getGroup(), url.getVersion(), url.getParameter("dubbo.tag"));
    }

    @Override
    public Map<String, String> attachments() {
        Map<String, String> seen = new TreeMap<>();
        RpcContext.getServerAttachment().getObjectAttachments().forEach((key, value) -> seen.put(key, String.valueOf(value)));
        return seen;
    }

    @Override
    public String attach(Map<String, Object> entries) {
        entries.forEach(RpcContext.getServerResponseContext()::setObjectAttachment);
        return "attached " + entries.size();
    }

    @Override
    public void note(String text) {
        synchronized (notes) {
            notes.add(text);
            if (notes.size() > REMEMBERED) {
                notes.remove(0);
            }
        }
    }

    @Override
    public List<String> notes() {
        synchronized (notes) {
            return new ArrayList<>(notes);
        }
    }

    @Override
    public CompletableFuture<String> later(String text, long delayMs) {
        return CompletableFuture.supplyAsync(() -> text, after(delayMs));
    }

    @Override
    public CompletableFuture<Spot> laterRefused(String code) {
        return CompletableFuture.supplyAsync(() -> {
            throw new CompletionException(refused(code));
        }, after(5));
    }

    @Override
    public String switched(String text, long delayMs) {
        AsyncContext context = RpcContext.startAsync();
        after(delayMs).execute(() -> context.write(text));
        return null;
    }

    @Override
    public String send(Parcel parcel) {
        return "sent to " + parcel.getReceiver();
    }

    @Override
    public String inspect(Parcel parcel) {
        var violations = validator.validate(parcel);
        if (!violations.isEmpty()) {
            throw new ConstraintViolationException(violations);
        }
        return "in order";
    }

    @Override
    public String refuse(String how) throws RefusedException {
        switch (how) {
            case "checked":
                throw refused("C-17");
            case "unchecked":
                throw new BusyException(429, "busy", new IllegalStateException("queue is full"));
            case "undeclared":
                throw new UncheckedIOException("disk", new java.io.IOException("no space"));
            case "unknown":
                throw new DoorShutException("inside", new IllegalArgumentException("wrong key"));
            case "error":
                throw new AssertionError("impossible");
            default:
                return "not refused: " + how;
        }
    }

    @Override
    public String listen(String topic, Listener listener) {
        listener.changed(topic, "hello");
        return "listening to " + topic;
    }

    private static RefusedException refused(String code) {
        Throwable root = new IllegalArgumentException("42 is too much");
        return new RefusedException(code, "refused: " + code, new BigDecimal("41.50"), List.of("first", "second"), new IllegalStateException("over the limit", root));
    }

    private static Executor after(long delayMs) {
        return CompletableFuture.delayedExecutor(delayMs, TimeUnit.MILLISECONDS);
    }
}
