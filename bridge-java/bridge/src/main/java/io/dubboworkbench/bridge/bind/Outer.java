package io.dubboworkbench.bridge.bind;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Optional;

/**
 * The hidden field by which an object of an inner class knows the one it was made in. JSON does not say it: it is the
 * nearest object around of that class, as where a consumer writes `order.new Line()`; elsewhere it stays null.
 */
final class Outer {
    private static final ClassValue<Optional<Field>> FIELDS = new ClassValue<>() {
        @Override
        protected Optional<Field> computeValue(Class<?> type) {
            boolean inner = type.isMemberClass() && !Modifier.isStatic(type.getModifiers());
            return !inner ? Optional.empty() : Arrays.stream(type.getDeclaredFields())
                .filter(field -> field.isSynthetic() && field.getType() == type.getDeclaringClass() && field.trySetAccessible()).findFirst();
        }
    };

    private Outer() {}

    static void set(Object bean, Place place) {
        Field field = FIELDS.get(bean.getClass()).orElse(null);
        if (field == null) {
            return;
        }
        try {
            field.set(bean, place.around(field.getType()));
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
