package io.dubboworkbench.bridge.bind;

import io.dubboworkbench.bridge.json.JsonException;
import io.dubboworkbench.bridge.json.JsonParser;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.Charset;
import java.util.Base64;
import java.util.Currency;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * JSON scalars → Java values, never with a loss: a number out of range, a fraction for a whole number or a text that
 * is no number is refused. Texts that are exactly a number, and numbers for a String, are taken, for a dataset's cell
 * may be either.
 */
final class Scalars {
    private static final BigInteger MAX_LONG = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger MIN_LONG = BigInteger.valueOf(Long.MIN_VALUE);
    private static final int MAX_EXPANDED = 10_000;
    private static final Map<Class<?>, Function<Object, Object>> READERS = new HashMap<>();

    static {
        number(byte.class, Byte.class, json -> (byte) whole(json, Byte.MIN_VALUE, Byte.MAX_VALUE, "byte"));
        number(short.class, Short.class, json -> (short) whole(json, Short.MIN_VALUE, Short.MAX_VALUE, "short"));
        number(int.class, Integer.class, json -> (int) whole(json, Integer.MIN_VALUE, Integer.MAX_VALUE, "int"));
        number(long.class, Long.class, json -> whole(json, Long.MIN_VALUE, Long.MAX_VALUE, "long"));
        number(float.class, Float.class, Scalars::toFloat);
        number(double.class, Double.class, Scalars::toDouble);
        number(boolean.class, Boolean.class, Scalars::toBoolean);
        number(char.class, Character.class, Scalars::toChar);
        READERS.put(BigDecimal.class, Scalars::decimal);
        READERS.put(BigInteger.class, json -> big(json, "java.math.BigInteger"));
        READERS.put(Number.class, json -> narrow(decimalOrWhole(json)));
        READERS.put(String.class, Scalars::toText);
        READERS.put(CharSequence.class, Scalars::toText);
        READERS.put(Comparable.class, Scalars::comparable);
        READERS.put(StringBuilder.class, json -> new StringBuilder(toText(json)));
        READERS.put(StringBuffer.class, json -> new StringBuffer(toText(json)));
        READERS.put(char[].class, json -> toText(json).toCharArray());
        READERS.put(AtomicInteger.class, json -> new AtomicInteger((int) whole(json, Integer.MIN_VALUE, Integer.MAX_VALUE, "int")));
        READERS.put(AtomicLong.class, json -> new AtomicLong(whole(json, Long.MIN_VALUE, Long.MAX_VALUE, "long")));
        READERS.put(AtomicBoolean.class, json -> new AtomicBoolean(toBoolean(json)));
        text(UUID.class, Scalars::uuid);
        text(Locale.class, text -> Locale.forLanguageTag(text.replace('_', '-')));
        text(Currency.class, Currency::getInstance);
        text(Charset.class, Charset::forName);
        text(java.net.URI.class, java.net.URI::create);
        text(java.net.URL.class, Scalars::url);
        text(java.io.File.class, java.io.File::new);
        text(java.net.InetAddress.class, Scalars::address);
        text(java.util.regex.Pattern.class, java.util.regex.Pattern::compile);
        Temporals.register(READERS);
    }

    private Scalars() {}

    /** The reader of a class, or null when it is none of ours. */
    static Function<Object, Object> reader(Class<?> type) {
        return READERS.get(type);
    }

    private static void number(Class<?> primitive, Class<?> boxed, Function<Object, Object> reader) {
        READERS.put(primitive, reader);
        READERS.put(boxed, reader);
    }

    private static void text(Class<?> type, Function<String, Object> reader) {
        READERS.put(type, json -> parsed(json, type, reader));
    }

    /** Applies a parser of texts and turns what it throws into a BadValue. */
    static Object parsed(Object json, Class<?> type, Function<String, Object> parser) {
        if (!(json instanceof String text)) {
            throw new BadValue(type.getName() + " is written as text, not " + Show.json(json));
        }
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException | java.time.DateTimeException wrong) {
            throw new BadValue(Show.json(json) + " is no " + type.getName() + ": " + wrong.getMessage());
        }
    }

    private static UUID uuid(String text) {
        UUID result = UUID.fromString(text);
        if (!result.toString().equalsIgnoreCase(text)) { // fromString takes "1-1-1-1-1"
            throw new IllegalArgumentException("it has 36 characters");
        }
        return result;
    }

    private static java.net.URL url(String text) {
        try {
            return new java.net.URL(text);
        } catch (java.net.MalformedURLException wrong) {
            throw new IllegalArgumentException(wrong.getMessage(), wrong);
        }
    }

    /** Numbers only: nobody is asked for a name. */
    private static java.net.InetAddress address(String text) {
        if (!text.matches("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            throw new IllegalArgumentException("write an address as 192.0.2.1 or 2001:db8::1");
        }
        try {
            return java.net.InetAddress.getByName(text);
        } catch (java.net.UnknownHostException wrong) {
            throw new IllegalArgumentException(wrong.getMessage(), wrong);
        }
    }

    private static long whole(Object json, long lowest, long highest, String type) {
        long value;
        if (json instanceof Long plain) {
            value = plain;
        } else {
            BigInteger big = big(json, type);
            if (big.compareTo(MIN_LONG) < 0 || big.compareTo(MAX_LONG) > 0) {
                throw outOfRange(json, type, lowest, highest);
            }
            value = big.longValue();
        }
        if (value < lowest || value > highest) {
            throw outOfRange(json, type, lowest, highest);
        }
        return value;
    }

    private static BadValue outOfRange(Object json, String type, long lowest, long highest) {
        return new BadValue(type + " holds " + lowest + " to " + highest + ", not " + Show.json(json));
    }

    private static BigInteger big(Object json, String type) {
        Object number = numeric(json, type);
        if (number instanceof BigDecimal decimal) {
            if (Math.abs((long) decimal.scale()) > MAX_EXPANDED) {
                throw new BadValue(type + " cannot hold " + Show.json(json));
            }
            try {
                return decimal.toBigIntegerExact();
            } catch (ArithmeticException fraction) {
                throw new BadValue(type + " is a whole number, not " + Show.json(json));
            }
        }
        return number instanceof BigInteger large ? large : BigInteger.valueOf((Long) number);
    }

    static BigDecimal decimal(Object json) {
        Object number = numeric(json, "java.math.BigDecimal");
        if (number instanceof BigDecimal decimal) {
            return decimal;
        }
        return number instanceof BigInteger large ? new BigDecimal(large) : BigDecimal.valueOf((Long) number);
    }

    private static Object decimalOrWhole(Object json) {
        return numeric(json, "java.lang.Number");
    }

    /** A Long, BigInteger or BigDecimal: the number itself, or a text that is exactly one. */
    private static Object numeric(Object json, String type) {
        if (json instanceof Long || json instanceof BigInteger || json instanceof BigDecimal) {
            return json;
        }
        if (json instanceof String text && text.length() < MAX_EXPANDED && text.matches("-?\\d.*")) {
            try {
                return JsonParser.parse(text);
            } catch (JsonException noNumber) {
                throw new BadValue(type + " cannot be read from " + Show.json(json));
            }
        }
        throw new BadValue(type + " cannot be read from " + Show.json(json));
    }

    /** Shortest of Integer, Long, BigInteger for whole numbers, as a Java literal would be; BigDecimal stays. */
    static Object narrow(Object json) {
        if (json instanceof Long value && value >= Integer.MIN_VALUE && value <= Integer.MAX_VALUE) {
            return value.intValue();
        }
        return json;
    }

    private static Object toFloat(Object json) {
        Float special = special(json) == null ? null : special(json).floatValue();
        if (special != null) {
            return special;
        }
        float value = decimal(json).floatValue();
        if (Float.isInfinite(value)) {
            throw new BadValue("float cannot hold " + Show.json(json) + "; write \"Infinity\" when that is meant");
        }
        return value;
    }

    private static Object toDouble(Object json) {
        Double special = special(json);
        if (special != null) {
            return special;
        }
        double value = decimal(json).doubleValue();
        if (Double.isInfinite(value)) {
            throw new BadValue("double cannot hold " + Show.json(json) + "; write \"Infinity\" when that is meant");
        }
        return value;
    }

    private static Double special(Object json) {
        if ("NaN".equals(json)) {
            return Double.NaN;
        }
        if ("Infinity".equals(json) || "+Infinity".equals(json)) {
            return Double.POSITIVE_INFINITY;
        }
        return "-Infinity".equals(json) ? Double.NEGATIVE_INFINITY : null;
    }

    private static boolean toBoolean(Object json) {
        if (json instanceof Boolean value) {
            return value;
        }
        if ("true".equals(json) || "false".equals(json)) {
            return "true".equals(json);
        }
        throw new BadValue("boolean is true or false, not " + Show.json(json));
    }

    private static Object toChar(Object json) {
        String text = json instanceof Long digit && digit >= 0 && digit <= 9 ? digit.toString() : json instanceof String given ? given : "";
        if (text.length() != 1) {
            throw new BadValue("char is a text of one character, not " + Show.json(json));
        }
        return text.charAt(0);
    }

    private static String toText(Object json) {
        if (json instanceof String text) {
            return text;
        }
        if (json instanceof Long || json instanceof BigInteger || json instanceof BigDecimal) {
            return json.toString();
        }
        throw new BadValue("java.lang.String cannot be read from " + Show.json(json) + "; put it in quotes");
    }

    private static Object comparable(Object json) {
        return json instanceof String || json instanceof Boolean ? json : narrow(decimalOrWhole(json));
    }

    static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException wrong) {
            throw new BadValue("byte[] is written in base64: " + wrong.getMessage());
        }
    }
}
