package io.dubboworkbench.bridge.bind;

import java.util.regex.Pattern;

/** Keys with a meaning of their own in an object: `$class`, `$ref`, `$entries`, `$value`. A field or key that is really named so has one `$` more in front, in requests and in answers: `$$class`. */
public final class Marks {
    private static final Pattern MARK = Pattern.compile("\\$+(?:class|ref|entries|value)");

    private Marks() {}

    /** How the name of a field or key is written. */
    public static String written(String name) {
        return like(name) ? "$" + name : name;
    }

    /** The name that a written key means; a mark itself stays. */
    static String name(String key) {
        return like(key) && key.charAt(1) == '$' ? key.substring(1) : key;
    }

    /** Whether a key is one of the marks, and no name. */
    static boolean is(String key) {
        return like(key) && key.charAt(1) != '$';
    }

    /** What is wrong with a mark that stands where it means nothing. */
    static String misplaced(String mark) {
        String meant = switch (mark) {
            case "$ref" -> "\"$ref\" names an object that stands elsewhere, as the only key and by its path";
            case "$entries" -> "\"$entries\" is the only key of a map, with a list of [key, value]";
            case "$value" -> "\"$value\" stands beside \"$class\" alone";
            default -> "\"$class\" is the name of a class, as text";
        };
        return meant + "; a field or key named " + mark + " is written \"$" + mark + "\"";
    }

    private static boolean like(String name) {
        return !name.isEmpty() && name.charAt(0) == '$' && MARK.matcher(name).matches();
    }
}
