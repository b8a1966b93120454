package io.dubboworkbench.bridge.json;

/** Writes the parts of JSON text; braces and commas are the caller's. */
public final class JsonText {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private JsonText() {}

    /**
     * @param value null is written as null
     * @throws JsonException when it holds a lone surrogate, which is no Unicode text
     */
    public static StringBuilder string(StringBuilder out, String value) {
        if (value == null) {
            return out.append("null");
        }
        out.append('"');
        int done = 0;
        for (int i = 0; i < value.length(); i++) {
            char sign = value.charAt(i);
            if (sign >= ' ' && sign != '"' && sign != '\\' && !Character.isSurrogate(sign)) {
                continue;
            }
            out.append(value, done, i);
            if (Character.isSurrogate(sign)) {
                i = pair(out, value, i);
            } else {
                escape(out, sign);
            }
            done = i + 1;
        }
        return out.append(value, done, value.length()).append('"');
    }

    /** The same, for messages: what is no Unicode text becomes a question mark. */
    public static StringBuilder lenient(StringBuilder out, String value) {
        int start = out.length();
        try {
            return string(out, value);
        } catch (JsonException loneSurrogate) {
            out.setLength(start);
            StringBuilder mended = new StringBuilder(value);
            for (int i = 0; i < mended.length(); i++) {
                if (Character.isSurrogate(mended.charAt(i))) {
                    mended.setCharAt(i, '?');
                }
            }
            return string(out, mended.toString());
        }
    }

    private static int pair(StringBuilder out, String value, int at) {
        if (at + 1 == value.length() || !Character.isSurrogatePair(value.charAt(at), value.charAt(at + 1))) {
            throw new JsonException(String.format("a lone surrogate \\u%04x, which is half a character", (int) value.charAt(at)));
        }
        out.append(value.charAt(at)).append(value.charAt(at + 1));
        return at + 1;
    }

    private static void escape(StringBuilder out, char sign) {
        switch (sign) {
            case '"':
            case '\\':
                out.append('\\').append(sign);
                break;
            case '\n':
                out.append("\\n");
                break;
            case '\r':
                out.append("\\r");
                break;
            case '\t':
                out.append("\\t");
                break;
            default:
                out.append("\\u00").append(HEX[sign >> 4]).append(HEX[sign & 15]);
        }
    }
}
