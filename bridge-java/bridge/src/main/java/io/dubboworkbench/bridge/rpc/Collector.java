package io.dubboworkbench.bridge.rpc;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.dubbo.common.stream.StreamObserver;
import org.apache.dubbo.rpc.RpcException;
import org.apache.dubbo.rpc.protocol.tri.CancelableStreamObserver;

/** One exchange of streams: says what is to be said, and gathers the answers until the provider ends or a limit is met. */
final class Collector extends CancelableStreamObserver<Object> {
    static final int MAX_MESSAGES = 10_000;
    static final String TOO_LONG = "the provider's stream has more than " + MAX_MESSAGES + " messages";
    private final List<Object> request;
    private final List<Object> received = new ArrayList<>();
    private final CompletableFuture<List<Object>> answer = new CompletableFuture<>();

    Collector(List<Object> request) {
        this.request = request;
    }

    CompletableFuture<List<Object>> answer() {
        return answer;
    }

    /** @param observer of the provider's side */
    @SuppressWarnings("unchecked")
    void say(Object observer) {
        StreamObserver<Object> out = (StreamObserver<Object>) observer;
        try {
            for (Object message : request) {
                if (answer.isDone()) {
                    return; // the provider has ended it before it heard all
                }
                out.onNext(message);
            }
            out.onCompleted();
        } catch (IllegalStateException ended) { // the same, while a message was under way
            answer.completeExceptionally(ended);
        }
    }

    @Override
    public void onNext(Object message) {
        if (received.size() == MAX_MESSAGES) {
            end(new RpcException(RpcException.LIMIT_EXCEEDED_EXCEPTION, TOO_LONG));
        } else if (!answer.isDone()) {
            received.add(message);
        }
    }

    @Override
    public void onError(Throwable failure) {
        answer.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
        answer.complete(received);
    }

    /** Tells the provider, too, that nobody listens any more. */
    void end(RpcException reason) {
        if (answer.completeExceptionally(reason) && getCancellationContext() != null) {
            cancel(reason);
        }
    }
}
