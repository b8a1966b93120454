package io.dubboworkbench.bridge.rpc;

import com.google.protobuf.Message;
import io.dubboworkbench.bridge.bind.Generics;
import io.dubboworkbench.bridge.load.Floats;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds `float` fields in what a method takes: providers read them wrongly (see Floats), as from any other consumer. */
final class FloatFields {
    private static final int MAX_TYPES = 2_000;

    private FloatFields() {}

    static Optional<String> warning(Definition definition, Method method) {
        if (!definition.serialization().isEmpty() && !definition.serialization().equals("hessian2")) {
            return Optional.empty();
        }
        return first(method).map(type -> "the request's " + type.getName() + " has fields of the type float, which providers with hessian-lite"
            + " up to 4.0.4 (Dubbo 3.3.6) read as other numbers, from every consumer; declare Float, or set serialization: fastjson2");
    }

    private static Optional<Class<?>> first(Method method) {
        Deque<Type> open = new ArrayDeque<>(List.of(method.getGenericParameterTypes()));
        Set<Type> seen = new HashSet<>(open);
        while (!open.isEmpty() && seen.size() < MAX_TYPES) {
            Type type = open.poll();
            Class<?> raw = Generics.raw(Generics.resolve(type, Map.of()));
            while (raw.isArray()) {
                raw = raw.getComponentType();
            }
            if (Message.class.isAssignableFrom(raw)) {
                continue; // not carried by Hessian
            }
            if (Floats.in(raw)) {
                return Optional.of(raw);
            }
            for (Type next : inside(type, raw)) {
                if (seen.add(next)) {
                    open.add(next);
                }
            }
        }
        return Optional.empty();
    }

    private static List<Type> inside(Type type, Class<?> raw) {
        List<Type> all = new java.util.ArrayList<>();
        if (type instanceof ParameterizedType generic) {
            all.addAll(List.of(generic.getActualTypeArguments()));
        }
        for (Class<?> at = raw; at != null && !at.isPrimitive() && !at.getName().startsWith("java."); at = at.getSuperclass()) {
            for (Field field : at.getDeclaredFields()) {
                all.add(field.getGenericType());
            }
        }
        return all;
    }
}
