package io.dubboworkbench.bridge.write;

import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Currency;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * JDK values that a provider has turned into maps of their getters for a generic answer, as it does with all classes
 * that it takes for beans: an Instant comes as `{"class": "java.time.Instant", "epochSecond": …, "nano": …}`.
 */
final class Generalized {
    private static final Map<String, Function<Map<?, ?>, Object>> READERS = new HashMap<>();

    static {
        READERS.put("java.util.UUID", map -> new UUID(whole(map, "mostSignificantBits"), whole(map, "leastSignificantBits")));
        READERS.put("java.util.Currency", map -> Currency.getInstance((String) map.get("currencyCode")));
        READERS.put("java.net.URI", Generalized::uri);
        READERS.put("java.util.Locale", Generalized::locale);
        READERS.put("java.util.concurrent.atomic.AtomicBoolean", map -> new AtomicBoolean((Boolean) map.get("plain")));
        READERS.put("java.time.Instant", map -> Instant.ofEpochSecond(whole(map, "epochSecond"), whole(map, "nano")));
        READERS.put("java.time.Duration", map -> Duration.ofSeconds(whole(map, "seconds"), whole(map, "nano")));
        READERS.put("java.time.Period", map -> Period.of(small(map, "years"), small(map, "months"), small(map, "days")));
        READERS.put("java.time.Year", map -> Year.of(small(map, "value")));
        READERS.put("java.time.YearMonth", map -> YearMonth.of(small(map, "year"), small(map, "monthValue")));
        READERS.put("java.time.MonthDay", map -> MonthDay.of(small(map, "monthValue"), small(map, "dayOfMonth")));
        READERS.put("java.time.ZoneOffset", map -> ZoneOffset.ofTotalSeconds(small(map, "totalSeconds")));
        READERS.put("java.time.OffsetTime", map -> OffsetTime.of(time(map), offset(map)));
        READERS.put("java.time.OffsetDateTime", map ->
            OffsetDateTime.of(LocalDate.of(small(map, "year"), small(map, "monthValue"), small(map, "dayOfMonth")), time(map), offset(map)));
    }

    private Generalized() {}

    /** The value, or null when this is no such map. */
    static Object revived(Object value) {
        if (!(value instanceof Map<?, ?> map) || !READERS.containsKey(MapWriter.className(map))) {
            return null;
        }
        String name = MapWriter.className(map);
        try {
            return READERS.get(name).apply(map);
        } catch (NullPointerException | ClassCastException | IllegalArgumentException | DateTimeException another) {
            return null; // getters of another JDK, or a map of the service's own
        }
    }

    private static long whole(Map<?, ?> map, String getter) {
        return ((Number) map.get(getter)).longValue();
    }

    private static int small(Map<?, ?> map, String getter) {
        return ((Number) map.get(getter)).intValue();
    }

    private static LocalTime time(Map<?, ?> map) {
        return LocalTime.of(small(map, "hour"), small(map, "minute"), small(map, "second"), small(map, "nano"));
    }

    private static ZoneOffset offset(Map<?, ?> map) {
        return ZoneOffset.ofTotalSeconds(small((Map<?, ?>) map.get("offset"), "totalSeconds"));
    }

    private static URI uri(Map<?, ?> map) {
        String scheme = map.get("scheme") == null ? "" : map.get("scheme") + ":";
        String fragment = map.get("rawFragment") == null ? "" : "#" + map.get("rawFragment");
        return URI.create(scheme + map.get("rawSchemeSpecificPart") + fragment);
    }

    private static Locale locale(Map<?, ?> map) {
        return new Locale.Builder().setLanguage((String) map.get("language")).setRegion((String) map.get("country"))
            .setScript((String) map.get("script")).setVariant((String) map.get("variant")).build();
    }
}
