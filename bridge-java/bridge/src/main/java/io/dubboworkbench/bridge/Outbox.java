package io.dubboworkbench.bridge;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Answers that wait to be fetched, and the calls whose answers nobody waits for any more. */
public final class Outbox {
    private static final int MOST_UNWANTED = 10_000; // of calls that have ended long since, most of them
    private final LinkedBlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final Map<Long, Runnable> ends = new ConcurrentHashMap<>();
    private final Set<Long> unwanted = Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
            return size() > MOST_UNWANTED;
        }
    }));

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

    /** Nobody waits for the answer to this call any more. */
    public void unwant(long id) {
        unwanted.add(id);
        Runnable end = ends.remove(id);
        if (end != null) {
            end.run();
        }
    }

    public boolean isUnwanted(long id) {
        return unwanted.contains(id);
    }

    /** What to do when nobody waits any more, until {@link #forget}; at once when that is so already. */
    public void whenUnwanted(long id, Runnable end) {
        ends.put(id, end);
        if (isUnwanted(id) && ends.remove(id) != null) {
            end.run();
        }
    }

    public void forget(long id) {
        ends.remove(id);
    }
}
