package io.dubboworkbench.bridge.bind;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.Optional;
import sun.misc.Unsafe;

/** New objects: by the constructor without parameters, so that defaults hold; without any, by none at all, as Hessian does. */
final class Instances {
    private static final Unsafe UNSAFE = unsafe();
    private static final ClassValue<Optional<Constructor<?>>> CONSTRUCTORS = new ClassValue<>() {
        @Override
        protected Optional<Constructor<?>> computeValue(Class<?> type) {
            try {
                Constructor<?> found = type.getDeclaredConstructor();
                found.setAccessible(true);
                return Optional.of(found);
            } catch (NoSuchMethodException | RuntimeException none) {
                return Optional.empty();
            }
        }
    };

    private Instances() {}

    static Object create(Class<?> type) {
        if (type.isInterface() || Modifier.isAbstract(type.getModifiers())) {
            throw new BadValue(type.getName() + " is abstract: name the class that is meant in \"$class\"");
        }
        Optional<Constructor<?>> constructor = CONSTRUCTORS.get(type);
        try {
            return constructor.isPresent() ? constructor.get().newInstance() : UNSAFE.allocateInstance(type);
        } catch (InvocationTargetException thrown) {
            throw new BadValue("the constructor of " + type.getName() + " threw " + thrown.getCause());
        } catch (ReflectiveOperationException | LinkageError wrong) {
            throw new BadValue("no way to make a " + type.getName() + ": " + wrong);
        }
    }

    private static Unsafe unsafe() {
        try {
            Field field = Unsafe.class.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            return (Unsafe) field.get(null);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }
}
