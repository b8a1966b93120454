package com.example.zoo.oracle;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Values as typed JSON, the runtime type at every node: null, true and false of the box, a text, or an object with one
 * key, the name of the class, and the value: the text of a scalar, the list of a collection or array, the pairs of a
 * map, the fields of an object. An object inside itself is {"^": how many levels up}. All of it is ASCII.
 */
public final class Describe {
    private static final int MAX_DEPTH = 1_500;

    private final StringBuilder out = new StringBuilder();
    private final Deque<Object> ancestors = new ArrayDeque<>();

    private Describe() {}

    /** What an iterator or enumeration has left. Both are read once, so the provider gives back nothing of them. */
    private record Rest(Object of) {
        List<Object> items() {
            List<Object> items = new ArrayList<>();
            if (of instanceof Iterator<?> iterator) {
                iterator.forEachRemaining(items::add);
            } else {
                ((Enumeration<?>) of).asIterator().forEachRemaining(items::add);
            }
            return items;
        }
    }

    /** The list of a call's arguments; a primitive parameter's type is the primitive one. */
    public static String arguments(Method method, Object[] arguments) {
        List<String> each = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            each.add(value(arguments[i], method.getParameterTypes()[i].isPrimitive()));
        }
        return "[" + String.join(",", each) + "]";
    }

    /** @param primitive whether a box stands for the primitive type */
    public static String value(Object value, boolean primitive) {
        Describe description = new Describe();
        description.write(value, primitive);
        return description.out.toString();
    }

    private void write(Object value, boolean primitive) {
        if (value == null) {
            out.append("null");
        } else if (value instanceof String text) {
            quote(text);
        } else if (value instanceof Boolean && !primitive) {
            out.append(value);
        } else {
            String scalar = Scalar.text(value);
            if (scalar != null) {
                tag(primitive ? Scalar.primitive(value.getClass()).getName() : Scalar.type(value).getName());
                quote(scalar);
                out.append('}');
            } else {
                structure(value);
            }
        }
    }

    private void structure(Object given) {
        Object value = given instanceof Iterator<?> || given instanceof Enumeration<?> ? new Rest(given) : given;
        int up = 0;
        for (Object ancestor : ancestors) {
            up++;
            if (ancestor == value) {
                out.append("{\"^\":").append(up).append('}');
                return;
            }
        }
        if (ancestors.size() > MAX_DEPTH) {
            throw new IllegalStateException("deeper than " + MAX_DEPTH);
        }
        ancestors.push(value);
        tag(value instanceof Rest ? "java.util.Iterator" : value.getClass().getTypeName());
        inside(value);
        out.append('}');
        ancestors.pop();
    }

    private void inside(Object value) {
        if (value.getClass().isArray()) {
            boolean primitive = value.getClass().getComponentType().isPrimitive();
            list(Array.getLength(value), i -> write(Array.get(value, i), primitive));
        } else if (value instanceof Rest rest) {
            joined('[', items(rest.items()), true, ']');
        } else if (value instanceof Optional<?> optional) {
            write(optional.orElse(null), false);
        } else if (value instanceof AtomicReference<?> reference) {
            write(reference.get(), false);
        } else if (value instanceof Map.Entry<?, ?> entry) {
            joined('[', items(Arrays.asList(entry.getKey(), entry.getValue())), true, ']');
        } else if (value instanceof Map<?, ?> map) {
            boolean ordered = value instanceof SortedMap || value instanceof LinkedHashMap;
            joined('[', entries(map), ordered, ']');
        } else if (value instanceof Collection<?> collection) {
            boolean set = value instanceof java.util.Set && !(value instanceof SortedSet || value instanceof LinkedHashSet);
            joined('[', items(collection), !set, ']');
        } else {
            joined('{', fields(value), true, '}');
        }
    }

    private List<String> items(Collection<?> collection) {
        List<String> items = new ArrayList<>();
        for (Object item : collection) {
            items.add(apart(() -> write(item, false)));
        }
        return items;
    }

    private List<String> entries(Map<?, ?> map) {
        List<String> entries = new ArrayList<>();
        map.forEach((key, value) -> entries.add(apart(() -> {
            out.append('[');
            write(key, false);
            out.append(',');
            write(value, false);
            out.append(']');
        })));
        return entries;
    }

    /** Static and synthetic fields are no part of a value; a hidden field carries the name of its class. */
    private List<String> fields(Object value) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (Class<?> at = value.getClass(); at != Object.class && at != null; at = at.getSuperclass()) {
            for (Field field : at.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.isSynthetic()) {
                    String name = fields.containsKey(field.getName()) ? at.getSimpleName() + "." + field.getName() : field.getName();
                    fields.put(name, apart(() -> {
                        quote(name);
                        out.append(':');
                        write(get(field, value), field.getType().isPrimitive());
                    }));
                }
            }
        }
        List<String> sorted = new ArrayList<>(fields.keySet());
        sorted.sort(null);
        return sorted.stream().map(fields::get).toList();
    }

    private static Object get(Field field, Object owner) {
        try {
            field.setAccessible(true);
            return field.get(owner);
        } catch (IllegalAccessException | RuntimeException closed) {
            return "(closed: " + closed.getClass().getSimpleName() + ")";
        }
    }

    private String apart(Runnable writing) {
        int start = out.length();
        writing.run();
        String text = out.substring(start);
        out.setLength(start);
        return text;
    }

    private void joined(char open, List<String> parts, boolean ordered, char close) {
        List<String> all = new ArrayList<>(parts);
        if (!ordered) {
            all.sort(null);
        }
        out.append(open);
        for (Iterator<String> each = all.iterator(); each.hasNext();) {
            out.append(each.next()).append(each.hasNext() ? "," : "");
        }
        out.append(close);
    }

    private void list(int length, java.util.function.IntConsumer each) {
        out.append('[');
        for (int i = 0; i < length; i++) {
            out.append(i == 0 ? "" : ",");
            each.accept(i);
        }
        out.append(']');
    }

    private void tag(String type) {
        out.append('{');
        quote(type);
        out.append(':');
    }

    private void quote(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char sign = text.charAt(i);
            if (sign == '"' || sign == '\\') {
                out.append('\\').append(sign);
            } else if (sign >= ' ' && sign < 0x7f) {
                out.append(sign);
            } else {
                out.append(String.format("\\u%04x", (int) sign));
            }
        }
        out.append('"');
    }
}
