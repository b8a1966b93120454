package io.dubboworkbench.bridge.bind;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.Map;

/** Beans by their fields and records by their constructor. `$class` (or `class`, where no field has that name) names a subclass. */
final class BeanReader implements Reader {
    private final Readers readers;
    private final Type type;
    private final Class<?> raw;
    private volatile Map<String, Shape.Slot> slots;
    private final Map<String, Reader> slotReaders = new LinkedHashMap<>();

    BeanReader(Readers readers, Type type) {
        this.readers = readers;
        this.type = type;
        this.raw = Generics.raw(type);
    }

    @Override
    public Object read(Object json, Place place) {
        Map<?, ?> object = Readers.object(json, raw);
        if (Readers.isStated(object)) {
            return readers.stated(object, raw, place);
        }
        Object referred = place.referred(object, raw);
        if (referred != null) {
            return referred;
        }
        look();
        String named = named(object);
        if (named != null && !named.equals(raw.getName())) {
            return subclass(named).read(object, place);
        }
        return raw.isRecord() ? record(object, place) : bean(object, place);
    }

    private void look() {
        if (slots == null) {
            synchronized (slotReaders) {
                if (slots == null) {
                    Map<String, Shape.Slot> found = raw.isInterface() ? Map.of() : shape();
                    found.forEach((name, slot) -> slotReaders.put(name, readers.of(slot.type())));
                    slots = found;
                }
            }
        }
    }

    private Map<String, Shape.Slot> shape() {
        try {
            return Shape.of(type, null);
        } catch (java.lang.reflect.InaccessibleObjectException closed) {
            throw new BadValue("the JDK keeps the fields of " + raw.getName() + " closed; this type cannot be written");
        }
    }

    private String named(Map<?, ?> object) {
        Object name = object.get("$class");
        if (name == null && !slots.containsKey("class")) {
            name = object.get("class");
        }
        return name instanceof String text ? text : null;
    }

    private Reader subclass(String name) {
        Class<?> found = (Class<?>) readers.chosen(name);
        if (!raw.isAssignableFrom(found)) {
            throw new BadValue(name + " is no " + raw.getName());
        }
        return readers.of(found);
    }

    private Object bean(Map<?, ?> object, Place place) {
        Object bean = Instances.create(raw);
        Outer.set(bean, place);
        place.remember(bean);
        Object around = place.within(bean);
        object.forEach((key, value) -> set(bean, (String) key, value, place));
        place.backTo(around);
        return bean;
    }

    private void set(Object bean, String key, Object json, Place place) {
        String name = Marks.name(key);
        Shape.Slot slot = Marks.is(key) ? null : slots.get(name);
        if (slot == null) {
            unknown(key, json, place);
            return;
        }
        int faults = place.problems().size();
        Object value = Readers.inside(slotReaders.get(name), json, place, place.enter(key));
        if (place.problems().size() == faults) {
            try {
                slot.field().set(bean, value);
            } catch (IllegalAccessException | IllegalArgumentException refused) {
                place.problem(name + " of " + raw.getName() + " cannot be set: " + refused.getMessage());
            }
        }
    }

    private void unknown(String key, Object json, Place place) {
        if (json instanceof String && (key.equals("$class") || key.equals("class"))) {
            return; // has been looked at
        }
        int entered = place.enter(key);
        String name = Marks.name(key);
        String near = Near.name(name, slots.keySet());
        String help = near != null ? "; did you mean " + near + "?" : slots.isEmpty() ? "" : "; it has " + String.join(", ", slots.keySet());
        place.problem(Marks.is(key) ? Marks.misplaced(key) : raw.getName() + " has no field " + name + help);
        place.leave(entered);
    }

    private Object record(Map<?, ?> object, Place place) {
        RecordComponent[] components = raw.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        int faults = place.problems().size();
        object.keySet().stream().filter(key -> Marks.is((String) key) || !slots.containsKey(Marks.name((String) key))).forEach(key -> unknown((String) key, object.get(key), place));
        for (int i = 0; i < components.length; i++) {
            String name = components[i].getName();
            String key = Marks.written(name);
            types[i] = components[i].getType();
            values[i] = object.containsKey(key)
                ? Readers.inside(slotReaders.get(name), object.get(key), place, place.enter(key))
                : java.lang.reflect.Array.get(java.lang.reflect.Array.newInstance(types[i], 1), 0);
        }
        return place.problems().size() == faults ? construct(types, values) : null;
    }

    private Object construct(Class<?>[] types, Object[] values) {
        try {
            Constructor<?> constructor = raw.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException refused) {
            throw new BadValue("the record " + raw.getName() + " refuses these values: " + refused.getCause());
        } catch (ReflectiveOperationException wrong) {
            throw new BadValue("no way to make a " + raw.getName() + ": " + wrong);
        }
    }
}
