package io.dubboworkbench.bridge.write;

import io.dubboworkbench.bridge.bind.Declared;
import io.dubboworkbench.bridge.bind.Marks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A bean in a generic answer: the map that the provider made of its getters, told apart from its fields as the contract
 * declares them. `$class` names it where its class is not the declared one, as in a typed answer.
 */
final class DeclaredWriter implements Writer {
    private final Writers writers;
    private final Declared declared;
    /** Of the getters that answers have had: what to say of them; empty for nothing. */
    private final Map<List<String>, List<String>> findings = new HashMap<>();

    DeclaredWriter(Writers writers, Declared declared) {
        this.writers = writers;
        this.declared = declared;
    }

    @Override
    public void write(Out out, Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            writers.of(Object.class).write(out, value);
            return;
        }
        String actual = MapWriter.className(map);
        if (actual == null || actual.equals(declared.name())) {
            fields(out, map, declared, false);
        } else if (actual.startsWith("java.")) {
            writers.of(Object.class).write(out, map);
        } else {
            fields(out, map, writers.declared(actual), true);
        }
    }

    /** Of a place whose declared type does not say which class it holds. */
    static void named(Out out, Map<?, ?> map, Declared actual, Writers writers) {
        new DeclaredWriter(writers, actual).fields(out, map, actual, true);
    }

    private void fields(Out out, Map<?, ?> map, Declared type, boolean tagged) {
        if (!out.open(map)) {
            return;
        }
        StringBuilder text = out.text;
        char before = '{';
        if (tagged) {
            text.append("{\"$class\":");
            Scalars.text(out, type.name());
            before = ',';
        }
        List<String> getters = new ArrayList<>(map.size());
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String name = String.valueOf(entry.getKey());
            if (name.equals("class") && MapWriter.isClassName(entry.getValue())) {
                continue;
            }
            getters.add(name);
            text.append(before);
            before = ',';
            String key = Marks.written(name);
            int entered = out.enter(key);
            Scalars.text(out, key);
            text.append(':');
            (type.fields() == null ? writers.of(Object.class) : writers.of(type.fields().getOrDefault(name, Object.class))).write(out, entry.getValue());
            out.leave(entered);
        }
        text.append(before == '{' ? "{}" : "}");
        out.close();
        tell(out, type, getters);
    }

    private void tell(Out out, Declared type, List<String> getters) {
        if (type.fields() == null) {
            return;
        }
        List<String> key = new ArrayList<>(getters);
        key.add(type.name());
        List<String> found;
        synchronized (findings) {
            if (findings.size() > 64) { // a bean whose public fields come and go
                findings.clear();
            }
            found = findings.computeIfAbsent(key, seen -> compared(type, getters));
        }
        found.forEach(out::note);
    }

    private static List<String> compared(Declared type, List<String> getters) {
        List<String> found = new ArrayList<>(type.doubts());
        List<String> missing = type.fields().keySet().stream().filter(field -> !getters.contains(field)).toList();
        if (!missing.isEmpty()) {
            found.add("a generic answer lacks fields without a getter, public ones when they are null: " + String.join(", ", missing) + " of " + type.name());
        }
        List<String> more = type.open() ? List.of() : getters.stream().filter(getter -> !type.fields().containsKey(getter)).toList();
        if (!more.isEmpty()) {
            found.add("a generic answer has what getters say: " + String.join(", ", more) + " is no field of " + type.name() + " that travels");
        }
        return found;
    }
}
