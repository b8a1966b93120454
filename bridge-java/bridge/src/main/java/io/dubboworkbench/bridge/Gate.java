package io.dubboworkbench.bridge;

import io.dubboworkbench.bridge.json.JsonParser;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.IntSupplier;

/**
 * What Python sees. A batch is `[[definition, …], [call, …]]`: a definition is an object with a number `key` and what
 * the role needs; a call is `[id, key, timeout_ms, arguments, attachments?, tag?]`. Answers: see Reply.
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
    public void submit(String batch) {
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
        do {
            start(parser, batch);
        } while (parser.take(','));
    }

    /** `LOADERS METASPACE`: class loaders of artifacts and the megabytes that all classes take; neither ever shrinks much. */
    public String load() {
        long bytes = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            bytes += pool.getName().equals("Metaspace") ? pool.getUsage().getUsed() : 0;
        }
        return loaders.getAsInt() + " " + (bytes >> 20);
    }

    /** A JSON array of at most max answers; waits for the first. */
    public String poll(int max, long waitMillis) throws InterruptedException {
        return outbox.take(max, waitMillis);
    }

    @SuppressWarnings("unchecked")
    private void define(Object definition) {
        Map<String, Object> fields = (Map<String, Object>) definition;
        lines.put((Long) fields.get("key"), define.apply(fields));
    }

    private void start(JsonParser parser, String batch) {
        parser.expect('[');
        long id = (Long) parser.value();
        parser.expect(',');
        Line line = lines.get((Long) parser.value());
        parser.expect(',');
        long timeout = (Long) parser.value();
        parser.expect(',');
        int[] arguments = parser.skip();
        Map<String, Object> attachments = parser.take(',') ? attachments(parser.value()) : Map.of();
        String tag = parser.take(',') ? (String) parser.value() : "";
        parser.expect(']');
        line.call(new Call(id, timeout, batch.substring(arguments[0], arguments[1]), attachments, tag, System.nanoTime(), 0));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> attachments(Object value) {
        return value == null ? Map.of() : new HashMap<>((Map<String, Object>) value);
    }
}
