package io.dubboworkbench.bridge.rpc;

import io.dubboworkbench.bridge.Call;
import io.dubboworkbench.bridge.FailedException;
import io.dubboworkbench.bridge.Failure;
import io.dubboworkbench.bridge.Line;
import io.dubboworkbench.bridge.Outbox;
import io.dubboworkbench.bridge.Reply;
import io.dubboworkbench.bridge.load.ArtifactException;
import java.util.List;
import java.util.concurrent.Executor;

/** Calls nothing, but loads the classes and makes the connections that calls of the same definition will need. */
final class PreparingLine implements Line {
    private final Definition definition;
    private final Preparation preparation;
    private final Executor pool;
    private final Outbox outbox;

    PreparingLine(Definition definition, Preparation preparation, Executor pool, Outbox outbox) {
        this.definition = definition;
        this.preparation = preparation;
        this.pool = pool;
        this.outbox = outbox;
    }

    /** Answered with null when all is ready, else with what stands in the way. */
    @Override
    public void call(Call call) {
        pool.execute(() -> {
            Failure failure = null;
            try {
                preparation.prepare(definition);
            } catch (FailedException failed) {
                failure = failed.failure();
            } catch (ArtifactException | LinkageError | IllegalStateException unusable) {
                failure = Failure.of("CONFIG", String.valueOf(unusable.getMessage()), "the call will tell");
            } catch (RuntimeException unexpected) {
                failure = Failures.of(unexpected, definition, 0);
            }
            outbox.put(failure == null ? ready(call) : Reply.failed(call.id(), 0, "", "", failure, List.of()));
        });
    }

    private static String ready(Call call) {
        Reply reply = new Reply(call.id(), 0, "", "");
        reply.text().append("null");
        return reply.end();
    }
}
