package com.example.zoo.oracle;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import sun.misc.Unsafe;

/** Values from the typed JSON that Describe writes; fields that are not named keep what the constructor gave them. */
final class Build {
    private static final Map<String, Class<?>> PRIMITIVES = Map.of("boolean", boolean.class, "byte", byte.class, "short", short.class,
        "int", int.class, "long", long.class, "float", float.class, "double", double.class, "char", char.class);

    private final List<Object> ancestors = new ArrayList<>();

    private Build() {}

    /** @param node parsed JSON: null, Boolean, String, or a map with one entry */
    static Object value(Object node) throws ReflectiveOperationException {
        return new Build().read(node);
    }

    /** The class of a name as Class.getTypeName writes it. */
    static Class<?> named(String name) throws ClassNotFoundException {
        if (name.endsWith("[]")) {
            return named(name.substring(0, name.length() - 2)).arrayType();
        }
        Class<?> primitive = PRIMITIVES.get(name);
        return primitive != null ? primitive : Class.forName(name);
    }

    private Object read(Object node) throws ReflectiveOperationException {
        if (!(node instanceof Map<?, ?> tagged)) {
            return node;
        }
        Map.Entry<?, ?> only = tagged.entrySet().iterator().next();
        if (only.getKey().equals("^")) {
            return ancestors.get(ancestors.size() - ((Number) only.getValue()).intValue());
        }
        Class<?> type = named((String) only.getKey());
        Function<String, Object> scalar = Scalar.reader(type);
        return scalar != null ? scalar.apply((String) only.getValue()) : structure(type, only.getValue());
    }

    private Object structure(Class<?> type, Object payload) throws ReflectiveOperationException {
        if (type == Optional.class) {
            return Optional.ofNullable(read(payload));
        }
        if (type == AtomicReference.class) {
            return new AtomicReference<>(read(payload));
        }
        if (type == Iterator.class || type == Enumeration.class) {
            List<Object> items = new ArrayList<>();
            fill(items, payload);
            return type == Iterator.class ? items.iterator() : Collections.enumeration(items);
        }
        if (type == AbstractMap.SimpleEntry.class) {
            return new AbstractMap.SimpleEntry<>(read(((List<?>) payload).get(0)), read(((List<?>) payload).get(1)));
        }
        if (type.isRecord()) {
            return record(type, (Map<?, ?>) payload);
        }
        Object made = type.isArray() ? Array.newInstance(type.getComponentType(), ((List<?>) payload).size()) : empty(type, payload);
        ancestors.add(made);
        if (type.isArray()) {
            int index = 0;
            for (Object item : (List<?>) payload) {
                Array.set(made, index++, read(item));
            }
        } else {
            fill(made, payload);
        }
        ancestors.remove(ancestors.size() - 1);
        return made;
    }

    @SuppressWarnings("unchecked")
    private void fill(Object made, Object payload) throws ReflectiveOperationException {
        if (made instanceof Collection<?> collection) {
            for (Object item : (List<?>) payload) {
                ((Collection<Object>) collection).add(read(item));
            }
        } else if (made instanceof Map<?, ?> map) {
            for (Object entry : (List<?>) payload) {
                List<?> pair = (List<?>) entry;
                ((Map<Object, Object>) map).put(read(pair.get(0)), read(pair.get(1)));
            }
        } else {
            for (Map.Entry<?, ?> field : ((Map<?, ?>) payload).entrySet()) {
                set(made, (String) field.getKey(), read(field.getValue()));
            }
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private Object empty(Class<?> type, Object payload) throws ReflectiveOperationException {
        if (EnumSet.class.isAssignableFrom(type)) {
            return EnumSet.noneOf((Class) read(((List<?>) payload).get(0)).getClass());
        }
        if (type == EnumMap.class) {
            return new EnumMap(read(((List<?>) ((List<?>) payload).get(0)).get(0)).getClass());
        }
        try {
            Constructor<?> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (NoSuchMethodException none) {
            Field unsafe = Unsafe.class.getDeclaredField("theUnsafe");
            unsafe.setAccessible(true);
            return ((Unsafe) unsafe.get(null)).allocateInstance(type);
        }
    }

    private Object record(Class<?> type, Map<?, ?> payload) throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            values[i] = read(payload.get(components[i].getName()));
        }
        return type.getDeclaredConstructor(types).newInstance(values);
    }

    /** @param name of a field, or Class.field for one that a subclass hides */
    private static void set(Object owner, String name, Object value) throws ReflectiveOperationException {
        String wanted = name.substring(name.indexOf('.') + 1);
        for (Class<?> at = owner.getClass(); at != Object.class; at = at.getSuperclass()) {
            boolean here = !name.contains(".") || name.startsWith(at.getSimpleName() + ".");
            for (Field field : here ? at.getDeclaredFields() : new Field[0]) {
                if (field.getName().equals(wanted)) {
                    field.setAccessible(true);
                    field.set(owner, value);
                    return;
                }
            }
        }
        throw new NoSuchFieldException(owner.getClass().getName() + "." + name);
    }
}
