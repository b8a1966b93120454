package io.dubboworkbench.bridge.rpc;

import io.dubboworkbench.bridge.Call;
import io.dubboworkbench.bridge.FailedException;
import io.dubboworkbench.bridge.Failure;
import io.dubboworkbench.bridge.Line;
import io.dubboworkbench.bridge.Outbox;
import io.dubboworkbench.bridge.Reply;
import io.dubboworkbench.bridge.load.ArtifactException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * One method at one place. What may block (connecting to a registry or an address) goes to the pool, so that nothing
 * dead holds up the living; once it is ready, calls start on the thread that brings them.
 */
final class DubboLine implements Line {
    private static final long MOST_MS = 3_000; // Dubbo's own patience
    private static final long LEAST_MS = 50; // enough for any network that answers

    private final Definition definition;
    private final Preparation preparation;
    private final Executor pool;
    private final Outbox outbox;
    private final List<Call> waiting = new ArrayList<>();
    private boolean preparing;
    private volatile Sender sender;

    DubboLine(Definition definition, Preparation preparation, Executor pool, Outbox outbox) {
        this.definition = definition;
        this.preparation = preparation;
        this.pool = pool;
        this.outbox = outbox;
    }

    @Override
    public void call(Call call) {
        Sender ready = sender;
        if (ready == null) {
            enqueue(call);
        } else if (ready.isAvailable()) {
            ready.send(call);
            if (ready.isOutdated()) {
                renew();
            }
        } else {
            pool.execute(() -> ready.send(call));
        }
    }

    private void renew() {
        synchronized (waiting) {
            if (!preparing) {
                preparing = true;
                pool.execute(this::prepare);
            }
        }
    }

    private void enqueue(Call call) {
        synchronized (waiting) {
            if (sender == null) {
                waiting.add(call);
                if (!preparing) {
                    preparing = true;
                    pool.execute(this::prepare);
                }
                return;
            }
        }
        call(call);
    }

    private void prepare() {
        Sender made = null;
        Failure failure = null;
        String mode = "";
        try {
            if (sender == null && isSilent()) {
                return;
            }
            made = preparation.sender(definition, outbox, pool);
        } catch (UntoldException untold) {
            mode = UntoldException.MODE;
            failure = Failure.of("CONFIG", untold.getMessage(), "");
        } catch (FailedException failed) {
            failure = failed.failure();
        } catch (ArtifactException unreadable) {
            failure = Failure.of("CONFIG", unreadable.getMessage(), "upload the artifact again, or take it out of the suite");
        } catch (RuntimeException | LinkageError unexpected) {
            unexpected.printStackTrace();
            failure = Failures.of(unexpected, definition, 0);
        }
        for (Call call : release(made)) {
            if (made != null) {
                made.send(call.fromNow());
            } else {
                outbox.put(Reply.failed(call.id(), 0, "", mode, failure, List.of()));
            }
        }
    }

    /**
     * Whether the address takes no connection in the time of those who wait. Dubbo would wait for three seconds; so those
     * whose time is over end, and for the others it is tried again.
     */
    private boolean isSilent() {
        long patience = MOST_MS;
        synchronized (waiting) {
            for (Call call : waiting) {
                patience = Math.min(patience, Math.max(LEAST_MS, call.leftMs()));
            }
        }
        Failure silence = Diagnosis.silence(definition, (int) patience);
        if (silence == null) {
            return false;
        }
        for (Call call : release(null)) {
            if (patience == MOST_MS || call.leftMs() <= 0) {
                outbox.put(Reply.failed(call.id(), (System.nanoTime() - call.bornNs()) / 1_000, "", "", silence, List.of()));
            } else {
                enqueue(call);
            }
        }
        return true;
    }

    private List<Call> release(Sender made) {
        synchronized (waiting) {
            sender = made != null ? made : sender;
            preparing = false;
            List<Call> released = new ArrayList<>(waiting);
            waiting.clear();
            return released;
        }
    }
}
