package io.dubboworkbench.bridge.load;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What Spring's BindException says. It has no message of its own on the wire: its class makes the text out of its fields
 * (AbstractErrors, FieldError, ObjectError, DefaultMessageSourceResolvable), so that a consumer with Spring reads this.
 */
final class BindingErrors {
    private BindingErrors() {}

    /** @return the text that the class would make; null for what is no binding result */
    static String text(Object result, Map<Object, String> classes) {
        if (!(result instanceof Map<?, ?> binding && binding.get("errors") instanceof Collection<?> errors)) {
            return null;
        }
        String lines = errors.stream().map(error -> error instanceof Map<?, ?> one ? "\n" + line(one) : "").collect(Collectors.joining());
        return classes.getOrDefault(result, "BindingResult") + ": " + errors.size() + " errors" + lines;
    }

    private static String line(Map<?, ?> error) {
        boolean whole = !error.containsKey("field"); // of the object, not of one field
        String place = "object '" + error.get("objectName") + "'" + (whole ? "" : " on field '" + error.get("field") + "'");
        return (whole ? "Error in " : "Field error in ") + place + ": " + (whole ? "" : "rejected value [" + shown(error.get("rejectedValue"), "null") + "]; ")
            + "codes [" + shown(error.get("codes"), "") + "]; arguments [" + shown(error.get("arguments"), "") + "]; default message [" + error.get("defaultMessage") + "]";
    }

    private static String shown(Object value, String none) {
        if (value instanceof Object[] array) {
            return Arrays.stream(array).map(String::valueOf).collect(Collectors.joining(","));
        }
        return value == null ? none : String.valueOf(value);
    }
}
