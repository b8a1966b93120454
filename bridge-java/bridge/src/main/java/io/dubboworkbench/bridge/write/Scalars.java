package io.dubboworkbench.bridge.write;

import io.dubboworkbench.bridge.bind.Temporals;
import io.dubboworkbench.bridge.json.JsonException;
import io.dubboworkbench.bridge.json.JsonText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.Base64;
import java.util.Calendar;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.TimeZone;

/** Java values that are one JSON scalar: numbers with all their digits, times and names as the binder reads them. */
final class Scalars {
    private static final Map<Class<?>, Writer> BY_CLASS = new HashMap<>();

    static {
        Writer plain = (out, value) -> out.text.append(value);
        for (Class<?> type : new Class<?>[] {
            Boolean.class, Byte.class, Short.class, Integer.class, Long.class, BigInteger.class, BigDecimal.class,
            java.util.concurrent.atomic.AtomicInteger.class, java.util.concurrent.atomic.AtomicLong.class,
            java.util.concurrent.atomic.AtomicBoolean.class}) {
            BY_CLASS.put(type, plain);
        }
        BY_CLASS.put(Double.class, (out, value) -> real(out, ((Double) value).isNaN() || ((Double) value).isInfinite(), value));
        BY_CLASS.put(Float.class, (out, value) -> real(out, ((Float) value).isNaN() || ((Float) value).isInfinite(), value));
        BY_CLASS.put(String.class, (out, value) -> text(out, (String) value));
        BY_CLASS.put(char[].class, (out, value) -> text(out, new String((char[]) value)));
        BY_CLASS.put(byte[].class, (out, value) -> text(out, Base64.getEncoder().encodeToString((byte[]) value)));
        BY_CLASS.put(Class.class, (out, value) -> text(out, ((Class<?>) value).getName()));
        BY_CLASS.put(java.util.BitSet.class, (out, value) -> out.text.append(((java.util.BitSet) value).stream().boxed().toList().toString().replace(" ", "")));
        BY_CLASS.put(java.util.Locale.class, (out, value) -> text(out, ((java.util.Locale) value).toLanguageTag()));
        for (Class<?> type : new Class<?>[] {
            Character.class, StringBuilder.class, StringBuffer.class, java.util.UUID.class, java.util.Currency.class,
            java.net.URI.class, java.net.URL.class, java.io.File.class, java.util.regex.Pattern.class}) {
            BY_CLASS.put(type, Scalars::named);
        }
    }

    static {
        BY_CLASS.put(java.util.OptionalInt.class, (out, value) -> optional(out, value, value.equals(java.util.OptionalInt.empty())));
        BY_CLASS.put(java.util.OptionalLong.class, (out, value) -> optional(out, value, value.equals(java.util.OptionalLong.empty())));
        BY_CLASS.put(java.util.OptionalDouble.class, (out, value) -> optional(out, value, value.equals(java.util.OptionalDouble.empty())));
    }

    private Scalars() {}

    /** Its text is OptionalInt[5]. */
    private static void optional(Out out, Object value, boolean empty) {
        String text = value.toString();
        out.text.append(empty ? "null" : text.substring(text.indexOf('[') + 1, text.length() - 1));
    }

    /** The writer of a class, or null when its values are no scalars. */
    static Writer of(Class<?> type) {
        Writer writer = BY_CLASS.get(type);
        if (writer != null) {
            return writer;
        }
        if (java.net.InetAddress.class.isAssignableFrom(type)) {
            return (out, value) -> text(out, ((java.net.InetAddress) value).getHostAddress());
        }
        if (Enum.class.isAssignableFrom(type)) {
            return (out, value) -> text(out, ((Enum<?>) value).name());
        }
        if (Date.class.isAssignableFrom(type) && type.getName().startsWith("java.")) { // one of the API's travels as its fields
            return (out, value) -> text(out, Temporals.show((Date) value));
        }
        if (Calendar.class.isAssignableFrom(type)) {
            return (out, value) -> text(out, Temporals.show(((Calendar) value).getTime()));
        }
        if (TimeZone.class.isAssignableFrom(type)) {
            return (out, value) -> text(out, ((TimeZone) value).getID());
        }
        boolean named = type.getName().startsWith("java.") && (TemporalAccessor.class.isAssignableFrom(type)
            || TemporalAmount.class.isAssignableFrom(type) || java.time.ZoneId.class.isAssignableFrom(type)
            || java.nio.charset.Charset.class.isAssignableFrom(type) || java.nio.file.Path.class.isAssignableFrom(type));
        return named ? Scalars::named : null;
    }

    private static void named(Out out, Object value) {
        text(out, value.toString());
    }

    private static void real(Out out, boolean special, Object value) {
        if (special) {
            out.text.append('"').append(value).append('"');
        } else {
            out.text.append(value);
        }
    }

    static void text(Out out, String value) {
        try {
            JsonText.string(out.text, value);
        } catch (JsonException loneSurrogate) {
            throw new JsonException(out.place() + ": " + loneSurrogate.getMessage());
        }
    }

    /** A key of an object, or null when this value cannot be one and come back as it was. */
    static String key(Object value) {
        if (value instanceof String text) {
            return text;
        }
        if (value == null || value instanceof byte[] || value instanceof char[] || value instanceof java.util.BitSet || of(value.getClass()) == null) {
            return null;
        }
        Out out = new Out(new StringBuilder(), false, null);
        of(value.getClass()).write(out, value);
        String json = out.text.toString();
        return json.startsWith("\"") ? json.substring(1, json.length() - 1) : json;
    }
}
