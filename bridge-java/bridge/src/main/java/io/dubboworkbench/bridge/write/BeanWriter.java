package io.dubboworkbench.bridge.write;

import io.dubboworkbench.bridge.bind.Marks;
import io.dubboworkbench.bridge.bind.Shape;
import io.dubboworkbench.bridge.json.JsonText;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * An object by its fields, nulls included: an answer's shape does not depend on its values. An exception goes without
 * its traces, whose frames would be most of an answer.
 */
final class BeanWriter implements Writer {
    private static final Set<String> TRACES = Set.of("stackTrace", "suppressedExceptions");

    private final Writers writers;
    private final Type type;
    private final boolean tagged;
    private volatile Slot[] slots;

    private record Slot(String name, String label, Field field, Writer writer) {}

    BeanWriter(Writers writers, Type type, boolean tagged) {
        this.writers = writers;
        this.type = type;
        this.tagged = tagged;
    }

    @Override
    public void write(Out out, Object value) {
        if (slots == null) {
            slots = look(value.getClass());
        }
        if (!out.open(value)) {
            return;
        }
        StringBuilder text = out.text;
        char before = '{';
        if (tagged) {
            text.append("{\"$class\":\"").append(value.getClass().getName()).append('"');
            before = ',';
        }
        for (Slot slot : slots) {
            text.append(before).append(slot.label);
            before = ',';
            int entered = out.enter(slot.name);
            slot.writer.write(out, get(slot.field, value));
            out.leave(entered);
        }
        text.append(before == '{' ? "{}" : "}");
        out.close();
    }

    private Slot[] look(Class<?> actual) {
        List<Slot> result = new ArrayList<>();
        try {
            Shape.of(type, null).forEach((field, slot) -> {
                if (slot.field().getDeclaringClass() == Throwable.class && TRACES.contains(field)) {
                    return;
                }
                String name = Marks.written(field);
                result.add(new Slot(name, JsonText.string(new StringBuilder(), name).append(':').toString(), slot.field(), writers.of(slot.type())));
            });
        } catch (InaccessibleObjectException closed) {
            throw new io.dubboworkbench.bridge.json.JsonException("the JDK keeps the fields of " + actual.getName() + " closed; it cannot be written as JSON");
        }
        return result.toArray(new Slot[0]);
    }

    private static Object get(Field field, Object owner) {
        try {
            Object value = field.get(owner);
            return value == owner && field.getDeclaringClass() == Throwable.class ? null : value; // Java's way to say: no cause
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
