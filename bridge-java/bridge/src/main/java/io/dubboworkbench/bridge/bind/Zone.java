package io.dubboworkbench.bridge.bind;

import io.dubboworkbench.bridge.FailedException;
import java.time.DateTimeException;
import java.time.ZoneId;

/**
 * The time zone in which this thread reads and writes times that have none of their own (Date, Calendar, java.sql).
 * Set before every reading or writing, so that nobody meets another's.
 */
public final class Zone {
    private static final ThreadLocal<ZoneId> CURRENT = ThreadLocal.withInitial(ZoneId::systemDefault);

    private Zone() {}

    /**
     * @param name as ZoneId reads it; empty: this JVM's
     * @throws FailedException when there is none of that name
     */
    public static ZoneId of(String name) {
        try {
            return name.isEmpty() ? ZoneId.systemDefault() : ZoneId.of(name);
        } catch (DateTimeException unknown) {
            throw new FailedException("CONFIG", "there is no time zone " + name, "write Asia/Shanghai, UTC or +08:00 in the environment");
        }
    }

    public static void use(ZoneId zone) {
        CURRENT.set(zone);
    }

    static ZoneId current() {
        return CURRENT.get();
    }
}
