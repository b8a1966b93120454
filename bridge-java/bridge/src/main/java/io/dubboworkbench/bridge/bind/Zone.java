package io.dubboworkbench.bridge.bind;

import java.time.ZoneId;

/**
 * The time zone in which this thread reads and writes times that have none of their own (Date, Calendar, java.sql).
 * Set before every reading or writing, so that nobody meets another's.
 */
public final class Zone {
    private static final ThreadLocal<ZoneId> CURRENT = ThreadLocal.withInitial(ZoneId::systemDefault);

    private Zone() {}

    public static void use(ZoneId zone) {
        CURRENT.set(zone);
    }

    static ZoneId current() {
        return CURRENT.get();
    }
}
