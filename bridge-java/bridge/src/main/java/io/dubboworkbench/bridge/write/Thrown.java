package io.dubboworkbench.bridge.write;

import io.dubboworkbench.bridge.bind.Shape;
import io.dubboworkbench.bridge.json.JsonException;
import io.dubboworkbench.bridge.json.JsonText;
import java.lang.reflect.InaccessibleObjectException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.dubbo.rpc.service.GenericException;

/** Exceptions as the JSON of a RemoteException: class, message, code, fields, the chain of causes, stack. */
public final class Thrown {
    /** What Dubbo makes of an exception whose class the interface's jar has not: its stack trace is the message. */
    private static final Pattern STACK = Pattern.compile("\\A((?:[\\w$]+\\.)*[\\w$]+)(?::[ \\t]?(.*?))?\\r?\\n\\s+at [\\w$.]+.*\\z", Pattern.DOTALL);
    private static final Pattern CAUSE = Pattern.compile("^Caused by: ((?:[\\w$]+\\.)*[\\w$]+)(?::[ \\t]?(.*?))?\\r?\\n\\s+at ", Pattern.DOTALL | Pattern.MULTILINE);
    private static final int STACK_FRAMES = 60;
    private static final int MAX_CAUSES = 20;

    private final Writers writers;

    public Thrown(Writers writers) {
        this.writers = writers;
    }

    /** `com.example.AlreadyPaidException: paid`, for a failure's message. */
    public static String title(Throwable thrown) {
        String[] names = names(thrown);
        return names[1] == null || names[1].isEmpty() ? names[0] : names[0] + ": " + names[1];
    }

    public void write(StringBuilder out, Throwable thrown) {
        String[] names = names(thrown);
        head(out, names, thrown);
        out.append(",\"causes\":[");
        if (names.length > 2) {
            parsedCauses(out, names[2]);
        } else {
            causes(out, thrown);
        }
        out.append("],\"stack\":");
        JsonText.lenient(out, names.length > 2 ? names[2] : stack(thrown)).append('}');
    }

    private void causes(StringBuilder out, Throwable thrown) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        seen.add(thrown);
        Throwable cause = thrown.getCause();
        for (int i = 0; cause != null && seen.add(cause) && i < MAX_CAUSES; i++, cause = cause.getCause()) {
            head(i == 0 ? out : out.append(','), names(cause), cause);
            out.append('}');
        }
    }

    private static void parsedCauses(StringBuilder out, String trace) {
        Matcher cause = CAUSE.matcher(trace);
        for (int i = 0; cause.find() && i < MAX_CAUSES; i++) {
            JsonText.lenient(out.append(i == 0 ? "{\"class\":" : ",{\"class\":"), cause.group(1));
            JsonText.lenient(out.append(",\"message\":"), cause.group(2)).append('}');
        }
    }

    /** Class name, message and, when both had to be read from it, the stack trace. */
    private static String[] names(Throwable thrown) {
        if (thrown instanceof GenericException generic) {
            return new String[] {String.valueOf(generic.getExceptionClass()), generic.getExceptionMessage()};
        }
        if (thrown.getClass() == RuntimeException.class && thrown.getMessage() != null) {
            String trace = withoutTitle(thrown.getMessage());
            Matcher wrapped = STACK.matcher(trace);
            if (wrapped.matches()) {
                return new String[] {wrapped.group(1), wrapped.group(2), trace};
            }
        }
        return new String[] {thrown.getClass().getName(), message(thrown)};
    }

    /** Dubbo puts `class: message` before the trace, which begins with the same. */
    private static String withoutTitle(String text) {
        int frames = text.indexOf("\n\tat ");
        int half = (frames - 1) / 2;
        boolean twice = frames > 2 && frames % 2 == 1 && text.charAt(half) == '\n' && text.regionMatches(0, text, half + 1, half);
        return twice ? text.substring(half + 1) : text;
    }

    private static String message(Throwable thrown) {
        try {
            return thrown.getMessage();
        } catch (RuntimeException broken) { // a getMessage of theirs
            return "its getMessage threw " + broken;
        }
    }

    private void head(StringBuilder out, String[] names, Throwable thrown) {
        JsonText.lenient(out.append("{\"class\":"), names[0]);
        JsonText.lenient(out.append(",\"message\":"), names[1]);
        if (!(thrown instanceof GenericException) && names.length == 2) {
            StringBuilder code = new StringBuilder();
            StringBuilder fields = fields(thrown, code);
            JsonText.lenient(out.append(",\"fields\":"), fields.toString());
            if (code.length() > 0) {
                JsonText.lenient(out.append(",\"code\":"), code.toString());
            }
        }
    }

    private StringBuilder fields(Throwable thrown, StringBuilder code) {
        StringBuilder out = new StringBuilder("{");
        Map<String, Shape.Slot> slots;
        try {
            slots = Shape.of(thrown.getClass(), Throwable.class);
        } catch (InaccessibleObjectException closed) {
            slots = Map.of();
        }
        slots.forEach((name, slot) -> {
            StringBuilder value = value(thrown, slot);
            JsonText.lenient(out.length() > 1 ? out.append(',') : out, name).append(':').append(value);
            if (name.equals("code")) {
                code.append(value);
            }
        });
        if (code.length() == 0) {
            getter(thrown, code);
        }
        return out.append('}');
    }

    private StringBuilder value(Throwable thrown, Shape.Slot slot) {
        StringBuilder out = new StringBuilder();
        try {
            writers.write(out, slot.field().get(thrown), slot.type(), false);
        } catch (JsonException unwritable) {
            out.setLength(0);
            JsonText.lenient(out, unwritable.getMessage());
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
        return out;
    }

    private void getter(Throwable thrown, StringBuilder code) {
        try {
            Object value = thrown.getClass().getMethod("getCode").invoke(thrown);
            writers.write(code, value, Object.class, false);
        } catch (ReflectiveOperationException | JsonException none) {
            code.setLength(0);
        }
    }

    /** Down to where Dubbo called the method: below that every trace is the same. A GenericException has none of its own. */
    private static String stack(Throwable thrown) {
        StringBuilder out = new StringBuilder();
        StackTraceElement[] frames = thrown instanceof GenericException ? new StackTraceElement[0] : thrown.getStackTrace();
        for (int i = 0; i < Math.min(frames.length, STACK_FRAMES); i++) {
            if (i > 0 && (frames[i].getClassName().startsWith("org.apache.dubbo.rpc.") || frames[i].getClassName().contains("DubboWrap"))) {
                break;
            }
            out.append(i == 0 ? "at " : "\nat ").append(frames[i]);
        }
        return out.toString();
    }
}
