package io.dubboworkbench.launch;

import java.time.Instant;
import java.util.Optional;

/**
 * Ends this JVM when the process that wanted it is gone or its time is over: nobody has to clean up after a test run
 * that was killed. Options: {@code --exit-with-parent PID} (0: no) and {@code --max-minutes N} (0: for ever).
 */
public final class Lifetime {
    private static final long CHECK_MS = 500;
    private static final long PATIENCE_MS = 5_000;

    private Lifetime() {}

    public static void bind(Options options) {
        long parent = options.number("exit-with-parent", 0, Long.MAX_VALUE);
        double minutes = options.decimal("max-minutes", 1_000_000);
        Optional<Instant> born = parent == 0 ? Optional.empty() : startOf(parent);
        long end = minutes == 0 ? Long.MAX_VALUE : System.nanoTime() / 1_000_000 + Math.round(minutes * 60_000);
        Thread watch = new Thread(() -> watch(parent, born, end), "lifetime");
        watch.setDaemon(true);
        watch.start();
    }

    private static void watch(long parent, Optional<Instant> born, long end) {
        while ((parent == 0 || isSame(parent, born)) && System.nanoTime() / 1_000_000 < end) {
            pause(CHECK_MS);
        }
        Thread lastResort = new Thread(() -> {
            pause(PATIENCE_MS);
            Runtime.getRuntime().halt(1); // a shutdown hook hangs: leave all the same
        }, "last-resort");
        lastResort.setDaemon(true);
        lastResort.start();
        System.exit(0);
    }

    /** Start times are compared too, for the number of a dead process is given to another one some day. */
    private static boolean isSame(long pid, Optional<Instant> born) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false) && startOf(pid).equals(born);
    }

    private static Optional<Instant> startOf(long pid) {
        return ProcessHandle.of(pid).flatMap(handle -> handle.info().startInstant());
    }

    private static void pause(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
