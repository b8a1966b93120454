package io.dubboworkbench.bridge.write;

import io.dubboworkbench.bridge.bind.Marks;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.regex.Pattern;

/**
 * Maps as objects; with keys that are no scalars, or that would fall together as text, as {"$entries": [[k, v], …]}.
 *
 * Generic answers: the provider turns each bean into a map with the key `class`, which no typed answer has. So that a
 * suite's assertions hold both ways, that key is left out of generic answers when its value is a full class name; a
 * key `class` with any other value is the provider's own and stays, as in all maps that the contract declares.
 *
 * @param declared whether a contract says that this is a map, and no bean
 */
record MapWriter(Writers writers, Type key, Type value, boolean declared) implements Writer {
    private static final Pattern CLASS_NAME = Pattern.compile("([a-z_]\\w*\\.)+[A-Z_$][\\w$]*");

    @Override
    public void write(Out out, Object object) {
        Map<?, ?> map = (Map<?, ?>) object;
        Object revived = out.generic ? Generalized.revived(map) : null;
        if (revived != null) {
            writers.of(Object.class).write(out, revived);
            return;
        }
        String bean = out.generic && !declared ? className(map) : null;
        if (bean != null && bean.startsWith("java.")) {
            out.note("a generic answer has only the getters of a " + bean);
        } else if (writers.names(bean)) {
            DeclaredWriter.named(out, map, writers.declared(bean), writers);
            return;
        }
        if (!out.open(map)) {
            return;
        }
        Map<String, Object> named = writers.isStating(key) && hasOtherKeys(map) ? null : named(map, out.generic, bean != null);
        if (named != null) {
            writeObject(out, named);
        } else {
            writeEntries(out, map);
        }
        out.close();
    }

    private static boolean hasOtherKeys(Map<?, ?> map) {
        return map.keySet().stream().anyMatch(key -> !(key instanceof String));
    }

    /** The map with its keys as texts, or null when they cannot all be different texts. */
    private static Map<String, Object> named(Map<?, ?> map, boolean generic, boolean bean) {
        Map<String, Object> result = new LinkedHashMap<>(map.size() * 2);
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            Object revived = generic ? Generalized.revived(entry.getKey()) : null;
            String key = Scalars.key(revived == null ? entry.getKey() : revived);
            if (key == null || result.containsKey(key)) {
                return null;
            }
            result.put(key, entry.getValue());
        }
        if (bean) {
            result.remove("class");
        }
        return result;
    }

    /** The class that a provider's map was made of; null when it does not say so. */
    static String className(Map<?, ?> map) {
        return map instanceof SortedMap || !isClassName(map.get("class")) ? null : (String) map.get("class"); // a sorted one compares "class" with its keys
    }

    static boolean isClassName(Object value) {
        return value instanceof String name && CLASS_NAME.matcher(name).matches();
    }

    private void writeObject(Out out, Map<String, Object> named) {
        Writer writer = writers.of(value);
        char before = '{';
        for (Map.Entry<String, Object> entry : named.entrySet()) {
            out.text.append(before);
            before = ',';
            String key = Marks.written(entry.getKey());
            int entered = out.enter(key);
            Scalars.text(out, key);
            out.text.append(':');
            writer.write(out, entry.getValue());
            out.leave(entered);
        }
        out.text.append(named.isEmpty() ? "{}" : "}");
    }

    private void writeEntries(Out out, Map<?, ?> map) {
        Writer keys = writers.of(key);
        Writer writer = writers.of(value);
        out.text.append("{\"$entries\":");
        char before = '[';
        int index = 0;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.text.append(before).append('[');
            before = ',';
            int entered = out.enter("$entries[" + index++ + "]");
            keys.write(out, entry.getKey());
            out.text.append(',');
            writer.write(out, entry.getValue());
            out.leave(entered);
            out.text.append(']');
        }
        out.text.append("]}");
    }
}
