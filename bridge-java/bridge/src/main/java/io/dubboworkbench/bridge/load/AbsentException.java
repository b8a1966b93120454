package io.dubboworkbench.bridge.load;

import java.util.LinkedHashMap;
import java.util.Map;

/** Stands for an exception whose class the artifacts have not: its name, message, causes, trace and fields have come. */
public final class AbsentException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String className;
    private final transient Map<String, Object> fields = new LinkedHashMap<>();
    private String message;

    AbsentException(String className) {
        this.className = className;
    }

    public String className() {
        return className;
    }

    /** Those that the class itself has, in the order of the wire; values of absent classes are maps. */
    public Map<String, Object> fields() {
        return fields;
    }

    @Override
    public String getMessage() {
        return message;
    }

    /** All has been read. @param classes of its fields' values, where these are maps for want of a class */
    void describe(Map<Object, String> classes) {
        if (message == null) {
            message = BindingErrors.text(fields.get("bindingResult"), classes);
        }
    }

    /** One field of the wire; what every Throwable has goes to its place. */
    void take(String name, Object value) {
        switch (name) {
            case "detailMessage" -> message = (String) value;
            case "cause" -> {
                if (value instanceof Throwable cause && value != this) {
                    initCause(cause);
                }
            }
            case "stackTrace" -> {
                if (value instanceof StackTraceElement[] frames) {
                    setStackTrace(frames);
                }
            }
            case "suppressedExceptions" -> { } // nobody looks at them
            default -> fields.put(name, value);
        }
    }
}
