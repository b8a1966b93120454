package io.dubboworkbench.bridge.tool;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** What a tool prints, line by line, told apart by thread: threads that it starts belong to it. */
final class Capture {
    private static final int MAX_LINES = 1_000;
    private static final int MAX_LINE = 16_384;
    private static final InheritableThreadLocal<Capture> CURRENT = new InheritableThreadLocal<>();

    private final List<Object[]> lines = new ArrayList<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private int leftOut;

    private Capture() {}

    /** From now on System.out and System.err of a tool's threads go to its capture, all else to the real stderr. */
    static void install() {
        PrintStream real = System.err;
        System.setOut(new PrintStream(new Split(real, false), true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(new Split(real, true), true, StandardCharsets.UTF_8));
        Records.install();
    }

    static Capture begin() {
        Capture capture = new Capture();
        CURRENT.set(capture);
        return capture;
    }

    static void end() {
        CURRENT.remove();
    }

    /** What this thread's tool logged; false when no tool runs in it. */
    static boolean log(String level, String text) {
        Capture capture = CURRENT.get();
        if (capture != null) {
            text.lines().forEach(line -> capture.record(level, line));
        }
        return capture != null;
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

    private synchronized void write(int sign, boolean error) {
        ByteArrayOutputStream buffer = error ? err : out;
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

    private static final class Split extends OutputStream {
        private final PrintStream real;
        private final boolean error;

        Split(PrintStream real, boolean error) {
            this.real = real;
            this.error = error;
        }

        @Override
        public void write(int sign) {
            Capture capture = CURRENT.get();
            if (capture == null) {
                real.write(sign);
            } else {
                capture.write(sign, error);
            }
        }

        @Override
        public void flush() {
            real.flush();
        }
    }
}
