package io.dubboworkbench.bridge.rpc;

import io.dubboworkbench.bridge.load.ArtifactException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Classes of the artifacts that no signature leads to, described as a contract describes its types: a `$class` may name
 * them all the same.
 */
final class Beside {
    private Beside() {}

    /**
     * By name, with the classes that it leads to; empty when the artifacts have not the class, or not all that it needs.
     *
     * @param artifacts their loader; asked here alone, for it opens them
     */
    static Map<String, Object> describe(String name, Supplier<ClassLoader> artifacts) {
        Map<String, Object> found = new HashMap<>();
        try {
            ClassLoader loader = artifacts.get();
            Class<?> named = Class.forName(name, false, loader);
            for (Class<?> type : named.getClassLoader() == loader ? Reachable.from(List.of(named)) : List.<Class<?>>of()) {
                if (type.getClassLoader() == loader) {
                    found.put(type.getName(), type.isEnum() ? Map.of("enum", true) : shape(type));
                }
            }
            return found;
        } catch (ArtifactException | ClassNotFoundException | LinkageError | TypeNotPresentException incomplete) {
            return Map.of();
        }
    }

    private static Map<String, Object> shape(Class<?> type) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (Field field : type.getDeclaredFields()) {
            if (!field.isSynthetic() && (field.getModifiers() & (Modifier.STATIC | Modifier.TRANSIENT)) == 0) {
                fields.put(field.getName(), field.getGenericType().getTypeName());
            }
        }
        Type above = type.getGenericSuperclass();
        return Map.of("parameters", Stream.of(type.getTypeParameters()).map(Type::getTypeName).toList(),
            "super", above == null || above == Object.class ? "" : above.getTypeName(), "fields", fields);
    }
}
