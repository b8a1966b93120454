package io.dubboworkbench.bridge;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Answers that wait to be fetched. */
public final class Outbox {
    private final LinkedBlockingQueue<String> answers = new LinkedBlockingQueue<>();

    public void put(String answer) {
        answers.add(answer);
    }

    /** A JSON array of up to max answers; waits for the first one only. */
    public String take(int max, long waitMillis) throws InterruptedException {
        String first = answers.poll(waitMillis, TimeUnit.MILLISECONDS);
        if (first == null) {
            return "[]";
        }
        List<String> more = new ArrayList<>();
        answers.drainTo(more, max - 1);
        StringBuilder text = new StringBuilder(first.length() * (more.size() + 1) + 64).append('[').append(first);
        for (String answer : more) {
            text.append(',').append(answer);
        }
        return text.append(']').toString();
    }
}
