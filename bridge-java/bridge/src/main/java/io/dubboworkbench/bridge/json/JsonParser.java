package io.dubboworkbench.bridge.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Exact JSON: whole numbers become Long or BigInteger, all others BigDecimal with their scale; never a double.
 * Objects are LinkedHashMap, arrays ArrayList. Lone surrogates are refused, for no codec carries them unharmed.
 */
public final class JsonParser {
    private static final int MAX_DEPTH = 500;
    private static final int SAFE_DIGITS = 18;

    private final String text;
    private final int end;
    private int at;
    private int depth;

    public JsonParser(String text) {
        this(text, 0, text.length());
    }

    /** Reads only the part from start (inclusive) to end (exclusive). */
    public JsonParser(String text, int start, int end) {
        this.text = text;
        this.at = start;
        this.end = end;
    }

    public static Object parse(String text) {
        return new JsonParser(text).document();
    }

    /** The one value that the whole text is. */
    public Object document() {
        Object value = value();
        blank();
        if (at < end) {
            throw error("text after the end of the value");
        }
        return value;
    }

    public Object value() {
        switch (peek()) {
            case '{':
                return object();
            case '[':
                return array();
            case '"':
                return string();
            case 't':
                return word("true", Boolean.TRUE);
            case 'f':
                return word("false", Boolean.FALSE);
            case 'n':
                return word("null", null);
            default:
                return number();
        }
    }

    /** Steps over a value and says where it was: {start, end}. */
    public int[] skip() {
        peek();
        int start = at;
        int open = 0;
        do {
            char sign = peek();
            if (sign == '"') {
                skipString();
            } else if (sign == '{' || sign == '[') {
                open++;
                at++;
            } else if (sign == '}' || sign == ']') {
                open--;
                at++;
            } else if (open > 0 && (sign == ',' || sign == ':')) {
                at++;
            } else {
                skipScalar();
            }
        } while (open > 0);
        return new int[] {start, at};
    }

    /** How many characters of the text have been read. */
    public int position() {
        return at;
    }

    /** The next sign that is not blank; it stays to be read. */
    public char peek() {
        blank();
        if (at >= end) {
            throw error("the text ends too early");
        }
        return text.charAt(at);
    }

    public void expect(char sign) {
        if (peek() != sign) {
            throw error("expected " + sign);
        }
        at++;
    }

    /** Takes the sign if it is the next one. */
    public boolean take(char sign) {
        if (peek() != sign) {
            return false;
        }
        at++;
        return true;
    }

    private void blank() {
        while (at < end && text.charAt(at) <= ' ') {
            at++;
        }
    }

    private Map<String, Object> object() {
        enter();
        Map<String, Object> result = new LinkedHashMap<>();
        if (!take('}')) {
            do {
                if (peek() != '"') {
                    throw error("expected a key in quotes");
                }
                String key = string();
                expect(':');
                result.put(key, value());
            } while (take(','));
            expect('}');
        }
        depth--;
        return result;
    }

    private List<Object> array() {
        enter();
        List<Object> result = new ArrayList<>();
        if (!take(']')) {
            do {
                result.add(value());
            } while (take(','));
            expect(']');
        }
        depth--;
        return result;
    }

    private void enter() {
        at++;
        if (++depth > MAX_DEPTH) {
            throw error("nested deeper than " + MAX_DEPTH);
        }
    }

    private Object word(String word, Object value) {
        if (!text.startsWith(word, at) || at + word.length() > end) {
            throw error("expected a value");
        }
        at += word.length();
        return value;
    }

    public String string() {
        int start = ++at;
        while (at < end) {
            char sign = text.charAt(at);
            if (sign == '"') {
                return text.substring(start, at++);
            }
            if (sign == '\\' || Character.isSurrogate(sign) || sign < ' ') {
                return escaped(new StringBuilder(text.length() - start > 64 ? 64 : 16).append(text, start, at));
            }
            at++;
        }
        throw error("a string without an end");
    }

    private String escaped(StringBuilder out) {
        while (at < end) {
            char sign = text.charAt(at++);
            if (sign == '"') {
                return wellFormed(out);
            }
            if (sign < ' ') {
                throw error("a control character in a string");
            }
            out.append(sign == '\\' ? escape() : sign);
        }
        throw error("a string without an end");
    }

    private char escape() {
        char sign = at < end ? text.charAt(at++) : 0;
        switch (sign) {
            case 'n':
                return '\n';
            case 't':
                return '\t';
            case 'r':
                return '\r';
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'u':
                return unicode();
            case '"':
            case '\\':
            case '/':
                return sign;
            default:
                throw error("unknown escape \\" + sign);
        }
    }

    private char unicode() {
        if (at + 4 > end) {
            throw error("\\u needs four hexadecimal digits");
        }
        int code = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(text.charAt(at++), 16);
            if (digit < 0) {
                throw error("\\u needs four hexadecimal digits");
            }
            code = code << 4 | digit;
        }
        return (char) code;
    }

    private String wellFormed(StringBuilder out) {
        for (int i = 0; i < out.length(); i++) {
            char sign = out.charAt(i);
            if (Character.isHighSurrogate(sign) && i + 1 < out.length() && Character.isLowSurrogate(out.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(sign)) {
                throw error(String.format("a lone surrogate \\u%04x, which is half a character", (int) sign));
            }
        }
        return out.toString();
    }

    private void skipString() {
        for (at++; at < end; at++) {
            char sign = text.charAt(at);
            if (sign == '\\') {
                at++;
            } else if (sign == '"') {
                at++;
                return;
            }
        }
        throw error("a string without an end");
    }

    private void skipScalar() {
        int start = at;
        while (at < end && ",:]}[{\" \t\n\r".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        if (at == start) {
            throw error("expected a value");
        }
    }

    private Object number() {
        int start = at;
        skipScalar();
        int first = text.charAt(start) == '-' ? start + 1 : start;
        for (int i = first; i < at; i++) {
            if (!digit(i)) {
                return decimal(start);
            }
        }
        if (at == first || at - first > 1 && text.charAt(first) == '0') {
            throw wrongNumber(start);
        }
        if (at - first <= SAFE_DIGITS) {
            return Long.parseLong(text, start, at, 10);
        }
        BigInteger big = new BigInteger(text.substring(start, at));
        return big.bitLength() < Long.SIZE ? (Object) big.longValue() : big;
    }

    private BigDecimal decimal(int start) {
        if (!isDecimal(start)) {
            throw wrongNumber(start);
        }
        try {
            return new BigDecimal(text.substring(start, at));
        } catch (NumberFormatException exponentTooLarge) {
            throw wrongNumber(start);
        }
    }

    /** RFC 8259: BigDecimal alone would also take "1.", ".5", "+1" and digits of other scripts. */
    private boolean isDecimal(int start) {
        int i = text.charAt(start) == '-' ? start + 1 : start;
        int whole = digits(i);
        if (whole == i || whole - i > 1 && text.charAt(i) == '0') {
            return false;
        }
        i = whole;
        if (i < at && text.charAt(i) == '.') {
            int fraction = digits(i + 1);
            if (fraction == i + 1) {
                return false;
            }
            i = fraction;
        }
        if (i < at && (text.charAt(i) | 0x20) == 'e') {
            i += i + 1 < at && (text.charAt(i + 1) == '+' || text.charAt(i + 1) == '-') ? 2 : 1;
            int exponent = digits(i);
            return exponent > i && exponent == at;
        }
        return i == at;
    }

    private int digits(int from) {
        int i = from;
        while (i < at && digit(i)) {
            i++;
        }
        return i;
    }

    private boolean digit(int index) {
        char sign = text.charAt(index);
        return sign >= '0' && sign <= '9';
    }

    private JsonException wrongNumber(int start) {
        return error("not a JSON value: " + text.substring(start, Math.min(at, start + 40)));
    }

    private JsonException error(String message) {
        return new JsonException(message + " (at character " + at + ")");
    }
}
