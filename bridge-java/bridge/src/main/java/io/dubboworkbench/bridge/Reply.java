package io.dubboworkbench.bridge;

import io.dubboworkbench.bridge.json.JsonException;
import io.dubboworkbench.bridge.json.JsonText;
import io.dubboworkbench.bridge.write.Writers;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The JSON text of one answer: `[id, elapsed_us, provider, mode, response, failure, exception, attachments, warnings,
 * log]`; the tail is left out where it is empty. failure is `[cause, message, hint]`, log `[[at_us, level, text], …]`.
 */
public final class Reply {
    /** Attachments of every answer that say nothing to a tester. */
    private static final Set<String> TECHNICAL = Set.of("dubbo", "input", "output");

    private final StringBuilder text = new StringBuilder(256);

    public Reply(long id, long elapsedUs, String provider, String mode) {
        text.append('[').append(id).append(',').append(elapsedUs).append(',');
        JsonText.lenient(text, provider).append(",\"").append(mode).append("\",");
    }

    /** Where the JSON of the response or `null` has to be appended next. */
    public StringBuilder text() {
        return text;
    }

    public Reply failure(Failure failure) {
        JsonText.lenient(text.append(",[\"").append(failure.cause()).append("\","), failure.message());
        JsonText.lenient(text.append(','), failure.hint()).append(']');
        return this;
    }

    public Reply noFailure() {
        text.append(",null");
        return this;
    }

    /** Where the JSON of an exception has to be appended next. */
    public StringBuilder exception() {
        return text.append(',');
    }

    public Reply noException() {
        text.append(",null");
        return this;
    }

    public Reply noAttachments() {
        text.append(",{}");
        return this;
    }

    /** Text as it is, all else as the text of its JSON: what is compared then is what was sent. */
    public Reply attachments(Map<String, Object> attachments, Writers writers) {
        char before = '{';
        text.append(',');
        for (Map.Entry<String, Object> entry : attachments.entrySet()) {
            if (!TECHNICAL.contains(entry.getKey()) && entry.getValue() != null) {
                JsonText.lenient(text.append(before), entry.getKey()).append(':');
                JsonText.lenient(text, shown(entry.getValue(), writers));
                before = ',';
            }
        }
        text.append(before == '{' ? "{}" : "}");
        return this;
    }

    private static String shown(Object value, Writers writers) {
        if (value instanceof CharSequence) {
            return value.toString();
        }
        StringBuilder json = new StringBuilder();
        try {
            writers.write(json, value, Object.class);
            return json.toString();
        } catch (JsonException unwritable) {
            return value.toString();
        }
    }

    public Reply warnings(List<String> warnings) {
        text.append(",[");
        for (int i = 0; i < warnings.size(); i++) {
            JsonText.lenient(i == 0 ? text : text.append(','), warnings.get(i));
        }
        text.append(']');
        return this;
    }

    /** @param lines each [microseconds since 1970, level, text] */
    public Reply log(List<Object[]> lines) {
        text.append(",[");
        for (int i = 0; i < lines.size(); i++) {
            Object[] line = lines.get(i);
            text.append(i == 0 ? "[" : ",[").append(line[0]).append(",\"").append(line[1]).append("\",");
            JsonText.lenient(text, (String) line[2]).append(']');
        }
        text.append(']');
        return this;
    }

    public String end() {
        return text.append(']').toString();
    }

    public static String failed(long id, long elapsedUs, String provider, String mode, Failure failure, List<String> warnings) {
        Reply reply = new Reply(id, elapsedUs, provider, mode);
        reply.text().append("null");
        return reply.failure(failure).noException().noAttachments().warnings(warnings).end();
    }
}
