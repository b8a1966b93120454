package io.dubboworkbench.bridge.tool;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a tool prints, line by line, told apart by thread: threads that it starts belong to its call, and once that has
 * ended, or where a pool gave the thread, to the call of the same library that is under way. Several that are cannot be
 * told apart: each gets the line, marked. What no call is under way for is the JVM's.
 */
final class Capture {
    private static final int MAX_LINES = 1_000;
    private static final int MAX_LINE = 16_384;
    private static final String SHARED = "(a thread that several calls share) ";
    private static final byte[] SHARED_BYTES = SHARED.getBytes(StandardCharsets.UTF_8);
    private static final InheritableThreadLocal<Capture> CURRENT = new InheritableThreadLocal<>();
    private static final Set<Capture> RUNNING = ConcurrentHashMap.newKeySet();
    private static final StackWalker STACK = StackWalker.getInstance(Set.of(StackWalker.Option.RETAIN_CLASS_REFERENCE, StackWalker.Option.SHOW_HIDDEN_FRAMES));
    private static PrintStream ownOut;
    private static PrintStream ownErr;

    private final List<Object[]> lines = new ArrayList<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private int leftOut;
    private volatile ClassLoader loader;

    private Capture() {}

    /** From now on System.out and System.err of a tool's threads go to its capture, all else to the real stderr. */
    static void install() {
        PrintStream real = System.err;
        ownOut = new Unclosed(new Split(real, false));
        ownErr = new Unclosed(new Split(real, true));
        restore();
        Records.install();
    }

    /** A tool may have put streams of its own in the place of ours. */
    private static void restore() {
        if (System.out != ownOut) {
            System.setOut(ownOut);
        }
        if (System.err != ownErr) {
            System.setErr(ownErr);
        }
    }

    static Capture begin() {
        Capture capture = new Capture();
        CURRENT.set(capture);
        RUNNING.add(capture);
        return capture;
    }

    /** Code of this class loader is what runs. */
    void of(ClassLoader library) {
        loader = library;
    }

    void end() {
        RUNNING.remove(this);
        CURRENT.remove();
        restore();
    }

    /** Whose output this is: one call's, that of several, or nobody's. */
    private static List<Capture> current() {
        if (RUNNING.isEmpty()) {
            return List.of();
        }
        Capture capture = CURRENT.get();
        if (capture != null && RUNNING.contains(capture)) {
            return List.of(capture);
        }
        ClassLoader library = STACK.walk(frames -> frames.map(frame -> frame.getDeclaringClass().getClassLoader()).filter(Capture::isRunning).findFirst())
            .orElse(Thread.currentThread().getContextClassLoader());
        return library == null ? List.of() : RUNNING.stream().filter(call -> call.loader == library).toList();
    }

    private static boolean isRunning(ClassLoader library) {
        return library != null && RUNNING.stream().anyMatch(call -> call.loader == library);
    }

    /** What this thread's tool logged; false when no tool runs in it. */
    static boolean log(String level, String text) {
        List<Capture> calls = current();
        String mark = calls.size() > 1 ? SHARED : "";
        calls.forEach(call -> text.lines().forEach(line -> call.record(level, mark + line)));
        return !calls.isEmpty();
    }

    /** Each [microseconds since 1970, level, text]; a last line without an end counts. */
    synchronized List<Object[]> lines() {
        flush(out, "INFO");
        flush(err, "ERROR");
        List<Object[]> result = new ArrayList<>(lines);
        if (leftOut > 0) {
            result.add(line("WARN", leftOut + " more lines were left out"));
        }
        return result;
    }

    private synchronized void write(byte[] bytes, int from, int count, boolean error, boolean shared) {
        ByteArrayOutputStream buffer = error ? err : out;
        for (int i = from; i < from + count; i++) {
            if (shared && buffer.size() == 0 && bytes[i] != '\n' && bytes[i] != '\r') {
                buffer.writeBytes(SHARED_BYTES);
            }
            write(buffer, bytes[i], error);
        }
    }

    private void write(ByteArrayOutputStream buffer, int sign, boolean error) {
        if (sign == '\n' || buffer.size() >= MAX_LINE && (sign & 0xC0) != 0x80) { // not inside of a character
            add(buffer, error ? "ERROR" : "INFO");
        }
        if (sign != '\n' && sign != '\r') {
            buffer.write(sign);
        }
    }

    private void flush(ByteArrayOutputStream buffer, String level) {
        if (buffer.size() > 0) {
            add(buffer, level);
        }
    }

    private void add(ByteArrayOutputStream buffer, String level) {
        record(level, buffer.toString(StandardCharsets.UTF_8));
        buffer.reset();
    }

    private synchronized void record(String level, String text) {
        if (lines.size() < MAX_LINES) {
            int more = text.length() - MAX_LINE;
            lines.add(line(level, more > 0 ? text.substring(0, MAX_LINE) + "… (+" + more + ")" : text));
        } else {
            leftOut++;
        }
    }

    private static Object[] line(String level, String text) {
        return new Object[] {ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()), level, text};
    }

    /** All tools share it, so none may close it. */
    private static final class Unclosed extends PrintStream {
        Unclosed(OutputStream out) {
            super(out, true, StandardCharsets.UTF_8);
        }

        @Override
        public void close() {
            flush();
        }
    }

    private static final class Split extends OutputStream {
        private final PrintStream real;
        private final boolean error;

        Split(PrintStream real, boolean error) {
            this.real = real;
            this.error = error;
        }

        @Override
        public void write(int sign) {
            write(new byte[] {(byte) sign}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) {
            List<Capture> calls = current();
            if (calls.isEmpty()) {
                real.write(bytes, from, count);
            }
            calls.forEach(call -> call.write(bytes, from, count, error, calls.size() > 1));
        }

        @Override
        public void flush() {
            real.flush();
        }
    }
}
