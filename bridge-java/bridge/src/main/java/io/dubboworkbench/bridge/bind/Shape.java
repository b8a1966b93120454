package io.dubboworkbench.bridge.bind;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The fields of a type as Hessian sees them: superclass first, no static, transient or synthetic ones; of two with the
 * same name the subclass's. Types are resolved against the type arguments.
 */
public final class Shape {
    private Shape() {}

    /** A field and what its declared type is here. */
    public record Slot(Field field, Type type) {}

    /** @param until superclass whose fields, and those above it, are left out; null: take all */
    public static Map<String, Slot> of(Type type, Class<?> until) {
        Map<TypeVariable<?>, Type> variables = Generics.variables(type);
        Map<String, Slot> result = new LinkedHashMap<>();
        for (Class<?> owner : lineage(Generics.raw(type), until)) {
            for (Field field : owner.getDeclaredFields()) {
                int modifiers = field.getModifiers();
                if (!Modifier.isStatic(modifiers) && !Modifier.isTransient(modifiers) && !field.isSynthetic()) {
                    field.setAccessible(true);
                    result.put(field.getName(), new Slot(field, Generics.resolve(field.getGenericType(), variables)));
                }
            }
        }
        return result;
    }

    private static List<Class<?>> lineage(Class<?> type, Class<?> until) {
        List<Class<?>> result = new ArrayList<>();
        for (Class<?> at = type; at != null && at != Object.class && at != until; at = at.getSuperclass()) {
            result.add(0, at);
        }
        return result;
    }
}
