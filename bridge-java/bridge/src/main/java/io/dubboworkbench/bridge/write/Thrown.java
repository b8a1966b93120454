package io.dubboworkbench.bridge.write;

import io.dubboworkbench.bridge.bind.Shape;
import io.dubboworkbench.bridge.json.JsonException;
import io.dubboworkbench.bridge.json.JsonText;
import io.dubboworkbench.bridge.load.AbsentException;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Type;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.dubbo.rpc.service.GenericException;

/** Exceptions as the JSON of a RemoteException: class, message, code, fields, the chain of causes, stack. */
public final class Thrown {
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
        Trace trace = trace(thrown);
        if (trace != null) {
            write(out, trace);
            return;
        }
        head(out, thrown);
        out.append(",\"causes\":[");
        causes(out, thrown);
        JsonText.lenient(out.append("],\"stack\":"), stack(thrown)).append('}');
    }

    private void causes(StringBuilder out, Throwable thrown) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        seen.add(thrown);
        Throwable cause = thrown.getCause();
        for (int i = 0; cause != null && seen.add(cause) && i < MAX_CAUSES; i++, cause = cause.getCause()) {
            head(i == 0 ? out : out.append(','), cause);
            out.append('}');
        }
    }

    /** An exception of which only the trace has come. */
    public static void write(StringBuilder out, Trace trace) {
        JsonText.lenient(out.append("{\"class\":"), trace.className());
        JsonText.lenient(out.append(",\"message\":"), trace.message());
        out.append(",\"causes\":[");
        parsedCauses(out, trace);
        JsonText.lenient(out.append("],\"stack\":"), trace.text()).append('}');
    }

    private static void parsedCauses(StringBuilder out, Trace trace) {
        int i = 0;
        for (Trace.Cause cause : trace.causes(MAX_CAUSES)) {
            JsonText.lenient(out.append(i++ == 0 ? "{\"class\":" : ",{\"class\":"), cause.className());
            JsonText.lenient(out.append(",\"message\":"), cause.message()).append('}');
        }
    }

    /** What Dubbo makes of an exception whose class the interface's jar has not: its stack trace is the message. */
    private static Trace trace(Throwable thrown) {
        return thrown.getClass() == RuntimeException.class ? Trace.of(thrown.getMessage()) : null;
    }

    /** Class name and message. */
    private static String[] names(Throwable thrown) {
        if (thrown instanceof GenericException generic) {
            return new String[] {String.valueOf(generic.getExceptionClass()), generic.getExceptionMessage()};
        }
        if (thrown instanceof AbsentException absent) {
            return new String[] {absent.className(), absent.getMessage()};
        }
        Trace trace = trace(thrown);
        return trace != null ? new String[] {trace.className(), trace.message()} : new String[] {thrown.getClass().getName(), message(thrown)};
    }

    private static String message(Throwable thrown) {
        try {
            return thrown.getMessage();
        } catch (RuntimeException | Error broken) { // a getMessage of theirs
            return "its getMessage threw " + broken;
        }
    }

    private void head(StringBuilder out, Throwable thrown) {
        String[] names = names(thrown);
        JsonText.lenient(out.append("{\"class\":"), names[0]);
        JsonText.lenient(out.append(",\"message\":"), names[1]);
        if (!(thrown instanceof GenericException) && trace(thrown) == null) {
            StringBuilder code = new StringBuilder();
            StringBuilder fields = fields(thrown, code);
            JsonText.lenient(out.append(",\"fields\":"), fields.toString());
            if (code.length() > 0) {
                JsonText.lenient(out.append(",\"code\":"), code.toString());
            }
        }
    }

    private StringBuilder fields(Throwable thrown, StringBuilder code) {
        if (thrown instanceof AbsentException absent) {
            return fields(absent, code);
        }
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

    private StringBuilder fields(AbsentException absent, StringBuilder code) {
        StringBuilder out = new StringBuilder("{");
        absent.fields().forEach((name, value) ->
            JsonText.lenient(out.length() > 1 ? out.append(',') : out, name).append(':').append(value(value, Object.class)));
        if (absent.fields().get("code") != null) {
            code.append(value(absent.fields().get("code"), Object.class));
        }
        return out.append('}');
    }

    private StringBuilder value(Throwable thrown, Shape.Slot slot) {
        try {
            return value(slot.field().get(thrown), slot.type());
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private StringBuilder value(Object value, Type type) {
        StringBuilder out = new StringBuilder();
        try {
            writers.write(out, value, type);
        } catch (JsonException unwritable) {
            out.setLength(0);
            JsonText.lenient(out, unwritable.getMessage());
        }
        return out;
    }

    private void getter(Throwable thrown, StringBuilder code) {
        try {
            Object value = thrown.getClass().getMethod("getCode").invoke(thrown);
            writers.write(code, value, Object.class);
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
