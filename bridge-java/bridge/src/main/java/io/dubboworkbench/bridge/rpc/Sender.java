package io.dubboworkbench.bridge.rpc;

import io.dubboworkbench.bridge.Call;
import io.dubboworkbench.bridge.Failure;
import io.dubboworkbench.bridge.Notes;
import io.dubboworkbench.bridge.Outbox;
import io.dubboworkbench.bridge.Reply;
import io.dubboworkbench.bridge.bind.BindingException;
import io.dubboworkbench.bridge.bind.Zone;
import io.dubboworkbench.bridge.json.JsonException;
import io.dubboworkbench.bridge.write.Thrown;
import io.dubboworkbench.bridge.write.Trace;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.dubbo.rpc.Result;
import org.apache.dubbo.rpc.RpcContext;
import org.apache.dubbo.rpc.RpcException;
import org.apache.dubbo.rpc.RpcInvocation;

/**
 * Sends the calls of one method and turns what comes back into replies. A provider whose threads are all busy refuses
 * a request before it has read it; that one is sent again until its timeout, and the answer warns of it. Nothing else
 * is ever sent twice; what found no connection, for the provider had just closed it, waits a moment for the next one.
 */
final class Sender {
    private static final long PAUSE_MS = 20;
    private static final long RECONNECT_PAUSE_MS = 100;
    private static final int MOST_LOSSES = 30; // Dubbo connects again after a second, and looks for it once a second
    private static final long LOOK_AGAIN_NS = 5_000_000_000L;

    private final Definition definition;
    private final Caller caller;
    private final boolean complete;
    private final long madeNs = System.nanoTime();
    private final List<String> warnings;
    private final Diagnosis diagnosis;
    private final Executor pool;
    private final Outbox outbox;
    private final Thrown thrown;
    private volatile boolean reached;
    private final ZoneId zone;

    /** @param complete whether no registry had to be left out */
    Sender(Definition definition, Caller caller, boolean complete, List<String> warnings, Diagnosis diagnosis, Executor pool, Outbox outbox) {
        this.definition = definition;
        this.caller = caller;
        this.complete = complete;
        this.warnings = warnings;
        this.diagnosis = diagnosis;
        this.pool = pool;
        this.outbox = outbox;
        this.zone = definition.zone();
        this.thrown = new Thrown(caller.reference().api().writers());
    }

    /** Whether registries were left out a while ago: they may be back. */
    boolean isOutdated() {
        return !complete && System.nanoTime() - madeNs > LOOK_AGAIN_NS;
    }

    /** Whether a call now would not have to connect first. */
    boolean isAvailable() {
        return caller.reference().invoker().isAvailable();
    }

    void send(Call call) {
        if (outbox.isUnwanted(call.id())) { // while its line was made, or it waited to be sent again
            return;
        }
        RpcInvocation invocation;
        Notes notes = new Notes();
        Zone.use(zone);
        try {
            invocation = caller.invocation(call, notes);
            invocation.put(Notes.class, notes);
        } catch (BindingException | JsonException wrong) {
            reply(call, 0, null, Failure.of("SERIALIZATION", (wrong instanceof JsonException ? "the request is not JSON: " : "") + wrong.getMessage(), "mend the request; `workbench template` shows one that fits"));
            return;
        } catch (RuntimeException | Error unexpected) {
            unexpected.printStackTrace();
            reply(call, 0, null, Failure.of("SERIALIZATION", "the request cannot be made into " + definition.title() + ": " + unexpected, "the bridge's log has the whole story"));
            return;
        }
        invocation.setTargetServiceUniqueName(caller.reference().serviceKey());
        call.attachments().forEach(invocation::setObjectAttachment);
        if (!call.tag().isEmpty()) {
            invocation.setAttachment("dubbo.tag", call.tag());
            if (!definition.direct() && definition.manyGroups()) {
                notes.add("Dubbo asks neither tags nor rules where it looks for several groups (group " + definition.group() + "); name the one", "tag " + call.tag());
            }
        }
        if (definition.oneway()) {
            invocation.setAttachment("return", "false"); // as Dubbo's own consumers say it for one call
        }
        invocation.setObjectAttachment("timeout", call.isFresh() ? call.timeoutMs() : Math.max(1, call.leftMs()));
        invoke(call, invocation);
    }

    private void invoke(Call call, RpcInvocation invocation) {
        long start = System.nanoTime();
        try {
            RpcContext.getServiceContext().setConsumerUrl(caller.reference().invoker().getUrl());
            Result result = caller.invoke(invocation, call);
            Runnable end = caller.end(invocation);
            if (end != null) {
                outbox.whenUnwanted(call.id(), end);
            }
            result.whenCompleteWithContext((answer, failure) -> {
                outbox.forget(call.id());
                long elapsed = (System.nanoTime() - start) / 1_000;
                if (failure != null || answer == null) {
                    failed(call, elapsed, invocation, failure);
                } else {
                    answered(call, elapsed, invocation, answer);
                }
            });
        } catch (RpcException failure) {
            failed(call, (System.nanoTime() - start) / 1_000, invocation, failure);
        } catch (RuntimeException | Error unexpected) {
            reply(call, 0, null, Failure.of("SERIALIZATION", "the request cannot be sent: " + unexpected, "the bridge's log has the whole story"));
            unexpected.printStackTrace();
        } finally {
            RpcContext.removeContext();
        }
    }

    private void answered(Call call, long elapsed, RpcInvocation invocation, Result answer) {
        Zone.use(zone);
        try {
            reached(invocation);
            Throwable exception = ThrownError.opened(answer.getException());
            if (exception == null) {
                returned(call, elapsed, invocation, answer);
            } else if (exception instanceof RpcException technical && !technical.isBiz() && !Failures.isSent(technical)) {
                failed(call, elapsed, invocation, technical);
            } else if (Failures.isUnsent(exception)) {
                // without Dubbo's NullPointerException as its cause: the deepest message is the one that is told
                failed(call, elapsed, invocation, new RpcException(RpcException.NETWORK_EXCEPTION, "no connection to the provider was made within the call's time"));
            } else {
                threw(call, elapsed, invocation, answer, exception);
            }
        } catch (RuntimeException | Error unexpected) {
            unexpected.printStackTrace();
            reply(call, elapsed, invocation, Failure.of("SERIALIZATION", "the answer cannot be written as JSON: " + unexpected, "the bridge's log has the whole story"));
        }
    }

    private void reached(RpcInvocation invocation) {
        if (!reached) {
            reached = true;
            diagnosis.reached(definition, Peer.of(invocation));
        }
    }

    private void returned(Call call, long elapsed, RpcInvocation invocation, Result answer) {
        Reply reply = new Reply(call.id(), elapsed, Peer.of(invocation).address(), mode(invocation));
        try {
            caller.write(reply.text(), answer.getValue(), notes(invocation));
        } catch (JsonException unwritable) {
            reply(call, elapsed, invocation, Failure.of("SERIALIZATION", unwritable.getMessage(), "the provider's answer holds what JSON cannot"));
            return;
        }
        outbox.put(tail(reply.noFailure().noException(), answer, doubts(call, invocation)));
    }

    private void threw(Call call, long elapsed, RpcInvocation invocation, Result answer, Throwable exception) {
        String title = Thrown.title(exception);
        if (caller.mode().equals("generic") && title.startsWith("java.lang.NoSuchMethodException")) {
            failed(call, elapsed, invocation, new RpcException(title));
            return;
        }
        Failure unchosen = Failures.unchosen(title, definition);
        Failure undecoded = unchosen != null ? unchosen : Failures.undecoded(exception, title, caller.refusable(call));
        Failure unread = undecoded != null ? undecoded : Failures.unread(title, definition, caller.mode());
        if (unread != null) {
            reply(call, elapsed, invocation, unread);
            return;
        }
        Reply reply = new Reply(call.id(), elapsed, Peer.of(invocation).address(), mode(invocation));
        reply.text().append("null");
        reply.failure(Failures.thrown(title, caller.refusable(call)));
        thrown.write(reply.exception(), exception);
        outbox.put(tail(reply, answer, warnings(call, invocation)));
    }

    /** With an exception that did not come as the answer of a method. */
    private void ended(Call call, long elapsed, RpcInvocation invocation, Failure failure, Consumer<StringBuilder> exception) {
        Reply reply = new Reply(call.id(), elapsed, Peer.of(invocation).address(), caller.mode());
        reply.text().append("null");
        reply.failure(failure);
        exception.accept(reply.exception());
        outbox.put(reply.noAttachments().warnings(warnings(call, invocation)).end());
    }

    private String tail(Reply reply, Result answer, List<String> all) {
        Map<String, Object> attachments = answer.getObjectAttachments();
        reply.attachments(attachments == null ? Map.of() : attachments, caller.reference().api().writers());
        return (all.isEmpty() ? reply : reply.warnings(all)).end();
    }

    /** @param invocation null when there was none to send */
    private List<String> warnings(Call call, RpcInvocation invocation) {
        if (invocation != null && !call.attachments().isEmpty() && Peer.of(invocation).protocol().equals("tri")) {
            noteUnlatin(call, notes(invocation));
        }
        List<String> noted = invocation == null ? List.of() : notes(invocation).texts();
        if (call.isFresh() && noted.isEmpty()) {
            return warnings;
        }
        List<String> all = new ArrayList<>(warnings);
        all.addAll(noted);
        if (call.refusals() > 0) {
            all.add("the provider refused the call " + call.refusals() + " time(s), for all of its threads were busy; lower the concurrency or raise its threads");
        }
        if (call.losses() > 0) {
            all.add("the provider had closed its connection: the call waited for a new one, and was sent once");
        }
        return all;
    }

    /** Triple sends attachments as headers of HTTP, and writes other characters into them without a word. */
    private static void noteUnlatin(Call call, Notes notes) {
        call.attachments().forEach((key, value) -> {
            if (String.valueOf(value).chars().anyMatch(character -> character > 0xFF)) {
                notes.add("tri carries Latin-1 only, of any consumer: other characters arrive as ?", "attachment " + key);
            }
        });
    }

    private static Notes notes(RpcInvocation invocation) {
        return (Notes) invocation.get(Notes.class);
    }

    /** Of an answer that may be one to another request than was sent. */
    private List<String> doubts(Call call, RpcInvocation invocation) {
        List<String> refusable = caller.refusable(call);
        if (refusable.isEmpty()) {
            return warnings(call, invocation);
        }
        List<String> all = new ArrayList<>(warnings(call, invocation));
        all.add("a provider since Dubbo 3.2 may have read another type instead of " + String.join(", ", refusable) + ": " + AllowList.hint(refusable));
        return all;
    }

    private void failed(Call call, long elapsed, RpcInvocation invocation, Throwable failure) {
        if (Failures.isSent(failure)) { // first: what it says is of another call
            Throwable sent = Failures.unwrapped(failure);
            ended(call, elapsed, invocation, Failures.thrown(Thrown.title(sent), List.of()), json -> thrown.write(json, sent));
            return;
        }
        if (Failures.isRefusedUnread(failure) && call.leftMs() > PAUSE_MS) {
            CompletableFuture.delayedExecutor(PAUSE_MS, TimeUnit.MILLISECONDS, pool).execute(() -> send(call.refusedOnce()));
            return;
        }
        if (failure != null && TripleStatus.isUncarried(Failures.unwrapped(failure))) {
            reached(invocation);
        }
        Trace trace = Failures.thrownByFilter(failure);
        if (trace != null) {
            Failure told = Failure.of("PROVIDER_EXCEPTION", Failures.first(trace.title()), "thrown by a filter of the provider; expected? then assert on exception.class");
            ended(call, elapsed, invocation, told, json -> Thrown.write(json, trace));
            return;
        }
        Failure first = Failures.of(failure == null ? new IllegalStateException("no answer and no error") : failure, definition, call.timeoutMs());
        if (first.cause().equals("PROVIDER_EXCEPTION")) {
            ended(call, elapsed, invocation, first, json -> thrown.write(json, Failures.unwrapped(failure)));
        } else if (diagnosis.wanted(definition, first)) {
            pool.execute(() -> judge(call, elapsed, invocation, first, failure));
        } else {
            reply(call, elapsed, invocation, first);
        }
    }

    private void judge(Call call, long elapsed, RpcInvocation invocation, Failure first, Throwable failure) {
        boolean unsent = Failures.isNeverSent(first) || failure != null && TripleStatus.isUnsent(Failures.unwrapped(failure));
        if (unsent && call.losses() < MOST_LOSSES && call.leftMs() > RECONNECT_PAUSE_MS && isReconnecting()) {
            CompletableFuture.delayedExecutor(RECONNECT_PAUSE_MS, TimeUnit.MILLISECONDS, pool).execute(() -> send(call.lostOnce()));
        } else {
            reply(call, elapsed, invocation, refined(call, first, invocation));
        }
    }

    private boolean isReconnecting() {
        try {
            return diagnosis.isReconnecting(definition, caller.reference());
        } catch (RuntimeException unexpected) { // then what was found first is told
            unexpected.printStackTrace();
            return false;
        }
    }

    private Failure refined(Call call, Failure first, RpcInvocation invocation) {
        try {
            Failure routed = first.cause().equals("NO_PROVIDER") && !definition.direct() ? Routes.explain(definition, caller.reference(), invocation) : null;
            return routed != null ? routed : diagnosis.refine(definition, caller.reference(), first, Peer.of(invocation), caller.refusable(call), call.leftMs());
        } catch (RuntimeException unexpected) { // the first finding is better than none
            unexpected.printStackTrace();
            return first;
        }
    }

    /** @param invocation null when there was none to send */
    private void reply(Call call, long elapsed, RpcInvocation invocation, Failure failure) {
        String provider = invocation == null ? "" : Peer.of(invocation).address();
        outbox.put(Reply.failed(call.id(), elapsed, provider, caller.mode(), failure, warnings(call, invocation)));
    }

    /** Triple has no calls without an answer. */
    private String mode(RpcInvocation invocation) {
        return definition.oneway() && !Peer.of(invocation).protocol().equals("tri") ? caller.mode() + " one-way" : caller.mode();
    }
}
