package com.example.ages.provider;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.dubbo.common.stream.StreamObserver;

/** What services do with the stream of a caller. */
final class Answers {
    private Answers() {}

    /** One answer when the caller has said all. */
    static <I, O> StreamObserver<I> atEnd(StreamObserver<O> out, Function<List<I>, O> answer) {
        List<I> all = new ArrayList<>();
        return new Incoming<>(out, (one, sink) -> all.add(one), () -> {
            out.onNext(answer.apply(all));
            out.onCompleted();
        });
    }

    /** Answers as they come. */
    static <I, O> StreamObserver<I> each(StreamObserver<O> out, BiConsumer<I, StreamObserver<O>> answer) {
        return new Incoming<>(out, answer, out::onCompleted);
    }

    private record Incoming<I, O>(StreamObserver<O> out, BiConsumer<I, StreamObserver<O>> each, Runnable end) implements StreamObserver<I> {
        @Override
        public void onNext(I one) {
            each.accept(one, out);
        }

        @Override
        public void onError(Throwable gone) {}

        @Override
        public void onCompleted() {
            end.run();
        }
    }
}
