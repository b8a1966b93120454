package io.dubboworkbench.bridge.tool;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ends the waiting for tools that take too long: the thread is interrupted, and the answer is given without it. Java
 * cannot end a thread that does not listen; when too many of those gather, this JVM ends itself, for a fresh one.
 */
final class Deadlines {
    private static final int MAX_STUCK = 8;
    private static final int STUCK_EXIT = 70;

    private final AtomicInteger stuck = new AtomicInteger();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "deadlines");
        thread.setDaemon(true);
        return thread;
    });

    /** Watches the current thread from now on. */
    Watch watch(long timeoutMs, Runnable onTimeout) {
        return new Watch(Thread.currentThread(), timeoutMs, onTimeout);
    }

    final class Watch {
        private final AtomicBoolean answered = new AtomicBoolean();
        private final ScheduledFuture<?> alarm;
        private boolean late;

        private Watch(Thread worker, long timeoutMs, Runnable onTimeout) {
            this.alarm = clock.schedule(() -> expire(worker, onTimeout), timeoutMs, TimeUnit.MILLISECONDS);
        }

        private synchronized void expire(Thread worker, Runnable onTimeout) {
            if (answered.compareAndSet(false, true)) {
                late = true;
                stuck.incrementAndGet();
                onTimeout.run();
                worker.interrupt();
                clock.schedule(Deadlines.this::endWhenFull, 1, TimeUnit.SECONDS);
            }
        }

        /** @return whether the answer is still wanted */
        synchronized boolean finish() {
            boolean wanted = answered.compareAndSet(false, true);
            alarm.cancel(false);
            if (late) {
                stuck.decrementAndGet();
            }
            Thread.interrupted(); // it was for this call, not for the next on this thread
            return wanted;
        }
    }

    private void endWhenFull() {
        if (stuck.get() >= MAX_STUCK) {
            System.err.println(stuck.get() + " tools did not end in time and cannot be stopped; this JVM ends");
            Runtime.getRuntime().halt(STUCK_EXIT);
        }
    }
}
