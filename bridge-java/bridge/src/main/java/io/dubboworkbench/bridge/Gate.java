package io.dubboworkbench.bridge;

import io.dubboworkbench.bridge.json.JsonParser;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.IntSupplier;

/**
 * What Python sees. A batch is `[[definition, …], [call, …], [id, …]]` and then the requests of the calls, one straight
 * after the other: a definition is an object with a number `key` and what the role needs; a call is `[id, key, timeout_ms,
 * length of its request, attachments?, tag?]`; last come calls whose answers nobody waits for any more. Answers: see Reply.
 */
public final class Gate {
    private final Map<Long, Line> lines = new ConcurrentHashMap<>();
    private final Function<Map<String, Object>, Line> define;
    private final Outbox outbox;
    private final IntSupplier loaders;

    /** @param loaders how many class loaders of artifacts there are */
    Gate(Function<Map<String, Object>, Line> define, IntSupplier loaders, Outbox outbox) {
        this.define = define;
        this.loaders = loaders;
        this.outbox = outbox;
    }

    /** Starts every call of the batch and returns. */
    public void submit(String batch) throws Exception {
        noted(() -> {
            start(batch);
            return null;
        });
    }

    private void start(String batch) {
        JsonParser parser = new JsonParser(batch);
        parser.expect('[');
        parser.expect('[');
        if (!parser.take(']')) {
            do {
                define(parser.value());
            } while (parser.take(','));
            parser.expect(']');
        }
        parser.expect(',');
        parser.expect('[');
        List<Head> heads = new ArrayList<>();
        if (!parser.take(']')) {
            do {
                heads.add(head(parser));
            } while (parser.take(','));
            parser.expect(']');
        }
        parser.expect(',');
        List<?> unwanted = (List<?>) parser.value();
        parser.expect(']');
        int at = parser.position();
        for (Head head : heads) {
            String request = batch.substring(at, at += head.length);
            head.line.call(Call.born(head.id, head.timeout, request, head.attachments, head.tag));
        }
        unwanted.forEach(id -> outbox.unwant((Long) id));
    }

    /** `LOADERS METASPACE`: class loaders of artifacts and the megabytes that all classes take; neither ever shrinks much. */
    public String load() throws Exception {
        return noted(this::fullness);
    }

    private String fullness() {
        long bytes = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            bytes += pool.getName().equals("Metaspace") ? pool.getUsage().getUsed() : 0;
        }
        return loaders.getAsInt() + " " + (bytes >> 20);
    }

    /** A JSON array of at most max answers; waits for the first. */
    public String poll(int max, long waitMillis) throws Exception {
        return noted(() -> outbox.take(max, waitMillis));
    }

    /** The other side learns class and message of what is thrown here; where it came from stands in the log alone. */
    private static <T> T noted(Callable<T> work) throws Exception {
        try {
            return work.call();
        } catch (Exception | Error thrown) {
            thrown.printStackTrace();
            throw thrown;
        }
    }

    @SuppressWarnings("unchecked")
    private void define(Object definition) {
        Map<String, Object> fields = (Map<String, Object>) definition;
        lines.put((Long) fields.get("key"), define.apply(fields));
    }

    private record Head(long id, Line line, long timeout, int length, Map<String, Object> attachments, String tag) {}

    private Head head(JsonParser parser) {
        parser.expect('[');
        long id = (Long) parser.value();
        parser.expect(',');
        Line line = lines.get((Long) parser.value());
        parser.expect(',');
        long timeout = (Long) parser.value();
        parser.expect(',');
        int length = Math.toIntExact((Long) parser.value());
        Map<String, Object> attachments = parser.take(',') ? attachments(parser.value()) : Map.of();
        String tag = parser.take(',') ? (String) parser.value() : "";
        parser.expect(']');
        return new Head(id, line, timeout, length, attachments, tag);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> attachments(Object value) {
        return value == null ? Map.of() : new HashMap<>((Map<String, Object>) value);
    }
}
