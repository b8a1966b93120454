package com.example.zoo.oracle;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.Charset;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.BitSet;
import java.util.Calendar;
import java.util.Currency;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** Scalars and their texts, there and back: the text says all of the value, so that nothing can be lost unseen. */
final class Scalar {
    private static final Map<Class<?>, Function<String, Object>> READERS = new HashMap<>();
    private static final Map<Class<?>, Function<Object, String>> WRITERS = new HashMap<>();
    private static final Map<Class<?>, Class<?>> PRIMITIVES = new HashMap<>();
    private static final Class<?>[] HIDDEN = {ZoneId.class, TimeZone.class, Charset.class, InetAddress.class};

    static {
        box(boolean.class, Boolean.class, Boolean::valueOf);
        box(byte.class, Byte.class, Byte::valueOf);
        box(short.class, Short.class, Short::valueOf);
        box(int.class, Integer.class, Integer::valueOf);
        box(long.class, Long.class, Long::valueOf);
        box(float.class, Float.class, Float::valueOf);
        box(double.class, Double.class, Double::valueOf);
        box(char.class, Character.class, text -> text.charAt(0));
        plain(BigDecimal.class, BigDecimal::new);
        plain(BigInteger.class, BigInteger::new);
        plain(AtomicInteger.class, text -> new AtomicInteger(Integer.parseInt(text)));
        plain(AtomicLong.class, text -> new AtomicLong(Long.parseLong(text)));
        plain(AtomicBoolean.class, text -> new AtomicBoolean(Boolean.parseBoolean(text)));
        plain(StringBuilder.class, StringBuilder::new);
        plain(UUID.class, UUID::fromString);
        plain(Currency.class, Currency::getInstance);
        plain(java.net.URI.class, java.net.URI::create);
        plain(java.util.regex.Pattern.class, java.util.regex.Pattern::compile);
        plain(Instant.class, Instant::parse);
        plain(LocalDate.class, LocalDate::parse);
        plain(LocalTime.class, LocalTime::parse);
        plain(LocalDateTime.class, LocalDateTime::parse);
        plain(OffsetDateTime.class, OffsetDateTime::parse);
        plain(OffsetTime.class, OffsetTime::parse);
        plain(ZonedDateTime.class, ZonedDateTime::parse);
        plain(Duration.class, Duration::parse);
        plain(Period.class, Period::parse);
        plain(Year.class, Year::parse);
        plain(YearMonth.class, YearMonth::parse);
        plain(MonthDay.class, MonthDay::parse);
        plain(ZoneOffset.class, ZoneOffset::of);
        both(java.net.URL.class, Scalar::url, Object::toString);
        both(Locale.class, Locale::forLanguageTag, value -> ((Locale) value).toLanguageTag());
        both(Class.class, Scalar::named, value -> ((Class<?>) value).getName());
        both(OptionalInt.class, text -> text.equals("empty") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text)),
            value -> ((OptionalInt) value).isPresent() ? "" + ((OptionalInt) value).getAsInt() : "empty");
        both(OptionalLong.class, text -> text.equals("empty") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text)),
            value -> ((OptionalLong) value).isPresent() ? "" + ((OptionalLong) value).getAsLong() : "empty");
        both(OptionalDouble.class, text -> text.equals("empty") ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(text)),
            value -> ((OptionalDouble) value).isPresent() ? "" + ((OptionalDouble) value).getAsDouble() : "empty");
        both(BitSet.class, text -> BitSet.valueOf(new BigInteger(text, 2).longValue() == 0 ? new long[0] : new long[] {new BigInteger(text, 2).longValue()}),
            value -> ((BitSet) value).isEmpty() ? "0" : Long.toBinaryString(((BitSet) value).toLongArray()[0]));
        both(InetAddress.class, Scalar::address, value -> ((InetAddress) value).getHostAddress());
        plain(ZoneId.class, ZoneId::of);
        plain(Charset.class, Charset::forName);
        both(TimeZone.class, TimeZone::getTimeZone, value -> ((TimeZone) value).getID());
        both(Date.class, text -> new Date(Long.parseLong(text)), Scalar::millis);
        both(java.sql.Date.class, text -> new java.sql.Date(Long.parseLong(text)), Scalar::millis);
        both(java.sql.Time.class, text -> new java.sql.Time(Long.parseLong(text)), Scalar::millis);
        both(Timestamp.class, text -> Timestamp.from(Instant.parse(text)), value -> ((Timestamp) value).toInstant().toString());
        both(GregorianCalendar.class, Scalar::calendar, value ->
            ((Calendar) value).getTimeInMillis() + " " + ((Calendar) value).getTimeZone().getID());
    }

    private Scalar() {}

    private static void plain(Class<?> type, Function<String, Object> reader) {
        both(type, reader, Object::toString);
    }

    private static void box(Class<?> primitive, Class<?> boxed, Function<String, Object> reader) {
        both(boxed, reader, Object::toString);
        READERS.put(primitive, reader);
        PRIMITIVES.put(boxed, primitive);
    }

    private static void both(Class<?> type, Function<String, Object> reader, Function<Object, String> writer) {
        READERS.put(type, reader);
        WRITERS.put(type, writer);
    }

    /** Null when the value is no scalar. */
    static String text(Object value) {
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        Function<Object, String> writer = WRITERS.get(type(value));
        return writer == null ? null : writer.apply(value);
    }

    /** The class that a reader is asked for: not the hidden subclass that the JDK or an enum constant has. */
    static Class<?> type(Object value) {
        if (value instanceof Enum<?> constant) {
            return constant.getDeclaringClass();
        }
        for (Class<?> hidden : HIDDEN) {
            if (hidden.isInstance(value) && !(value instanceof ZoneOffset)) {
                return hidden;
            }
        }
        return value.getClass();
    }

    static Class<?> primitive(Class<?> box) {
        return PRIMITIVES.get(box);
    }

    /** Null when the class is no scalar's. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    static Function<String, Object> reader(Class<?> type) {
        if (type.isEnum()) {
            return text -> Enum.valueOf((Class) type, text);
        }
        return READERS.get(type);
    }

    private static String millis(Object date) {
        return String.valueOf(((Date) date).getTime());
    }

    private static Object calendar(String text) {
        String[] parts = text.split(" ");
        Calendar calendar = new GregorianCalendar(TimeZone.getTimeZone(parts[1]));
        calendar.setTimeInMillis(Long.parseLong(parts[0]));
        return calendar;
    }

    private static Object address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (java.net.UnknownHostException wrong) {
            throw new IllegalArgumentException(wrong);
        }
    }

    private static Object url(String text) {
        try {
            return new java.net.URL(text);
        } catch (java.net.MalformedURLException wrong) {
            throw new IllegalArgumentException(wrong);
        }
    }

    private static Object named(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException unknown) {
            throw new IllegalArgumentException(unknown);
        }
    }
}
