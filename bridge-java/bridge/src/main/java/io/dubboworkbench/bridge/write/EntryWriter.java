package io.dubboworkbench.bridge.write;

import java.lang.reflect.Type;
import java.util.Map;

/** A Map.Entry as `{"key": …, "value": …}`; in a generic answer it is a map of its getters. */
record EntryWriter(Writers writers, Type key, Type value) implements Writer {
    @Override
    public void write(Out out, Object object) {
        if (!out.open(object)) {
            return;
        }
        boolean entry = object instanceof Map.Entry;
        Map<?, ?> getters = entry ? null : (Map<?, ?>) object;
        out.text.append("{\"key\":");
        part(out, "key", entry ? ((Map.Entry<?, ?>) object).getKey() : getters.get("key"), key);
        out.text.append(",\"value\":");
        part(out, "value", entry ? ((Map.Entry<?, ?>) object).getValue() : getters.get("value"), value);
        out.text.append('}');
        out.close();
    }

    private void part(Out out, String name, Object part, Type type) {
        int entered = out.enter(name);
        writers.of(type).write(out, part);
        out.leave(entered);
    }
}
