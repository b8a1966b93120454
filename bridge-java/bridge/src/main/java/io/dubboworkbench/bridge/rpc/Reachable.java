package io.dubboworkbench.bridge.rpc;

import com.google.protobuf.Message;
import io.dubboworkbench.bridge.bind.Generics;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The classes that values of some types can hold by declaration: through fields, superclasses, arrays and type arguments. */
final class Reachable {
    private static final int MAX_TYPES = 2_000;

    private Reachable() {}

    static Set<Class<?>> from(Collection<Type> types) {
        Deque<Type> open = new ArrayDeque<>(types);
        Set<Type> seen = new HashSet<>(open);
        Set<Class<?>> found = new LinkedHashSet<>();
        while (!open.isEmpty() && seen.size() < MAX_TYPES) {
            Type type = open.poll();
            Class<?> raw = Generics.raw(Generics.resolve(type, Map.of()));
            while (raw.isArray()) {
                raw = raw.getComponentType();
            }
            if (Message.class.isAssignableFrom(raw)) {
                continue; // carries its own form, and hangs on half of Protobuf
            }
            found.add(raw);
            for (Type next : inside(type, raw)) {
                if (seen.add(next)) {
                    open.add(next);
                }
            }
        }
        return found;
    }

    private static List<Type> inside(Type type, Class<?> raw) {
        List<Type> all = new ArrayList<>();
        if (type instanceof ParameterizedType generic) {
            all.addAll(List.of(generic.getActualTypeArguments()));
        }
        for (Class<?> at = raw; at != null && !at.isPrimitive() && !at.getName().startsWith("java."); at = at.getSuperclass()) {
            all.add(at);
            for (Field field : at.getDeclaredFields()) {
                all.add(field.getGenericType());
            }
        }
        return all;
    }
}
