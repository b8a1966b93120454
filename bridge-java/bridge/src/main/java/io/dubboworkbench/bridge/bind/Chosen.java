package io.dubboworkbench.bridge.bind;

import java.util.AbstractMap;
import java.util.BitSet;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

/**
 * Which classes a `$class` may name: those of the artifacts, and of the JDK's the plain values, collections and exceptions. What makes a file, a process or a connection by being made is none of these.
 */
public final class Chosen {
    private static final Pattern PLATFORM = Pattern.compile("(?:java|javax|jdk|sun|com\\.sun)\\..*");
    private static final Set<String> STRUCTURES = Set.of("java.util", "java.util.concurrent");
    private static final Set<Class<?>> VALUES = Set.of(
        Object.class, Class.class, Optional.class, OptionalInt.class, OptionalLong.class, OptionalDouble.class, BitSet.class, AtomicReference.class,
        AbstractMap.SimpleEntry.class, AbstractMap.SimpleImmutableEntry.class);

    private Chosen() {}

    static boolean isPlatform(String name) {
        return PLATFORM.matcher(name).matches();
    }

    /**
     * @param loader of the artifacts
     * @throws BadValue when it may not be named
     */
    static Class<?> allowed(Class<?> type, ClassLoader loader) {
        Class<?> one = element(type);
        boolean platform = isPlatform(one.getName()) ? isPlain(one) : one.isPrimitive() || one.getClassLoader() == loader;
        if (!platform && !com.google.protobuf.Message.class.isAssignableFrom(one)) {
            throw refused(one.getName());
        }
        return type;
    }

    /** The same of a name of the JDK's. */
    static void allowed(String name) {
        try {
            if (isPlain(Class.forName(name, false, ClassLoader.getPlatformClassLoader()))) {
                return;
            }
        } catch (ClassNotFoundException | LinkageError none) {
            throw new BadValue("class " + name + " is not there");
        }
        throw refused(name);
    }

    /** What `$class` says of a value's class: the one that a request can name. */
    public static String named(Class<?> type) {
        Class<?> at = type;
        while (at != null && at.getName().startsWith("java.") && Scalars.reader(at) == null && !at.isArray()) {
            at = at.getSuperclass(); // ZoneRegion is a ZoneId
        }
        Class<?> found = at == null || at == Object.class ? type : at;
        return (Enum.class.isAssignableFrom(found) && !found.isEnum() ? found.getSuperclass() : found).getTypeName();
    }

    private static BadValue refused(String name) {
        return new BadValue("\"$class\" may not name " + name + ": it is no class of the artifacts, and no plain value or collection of the JDK");
    }

    private static boolean isPlain(Class<?> type) {
        boolean structure = Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type);
        return VALUES.contains(type) || Scalars.reader(type) != null || type.isEnum()
            || (structure && STRUCTURES.contains(type.getPackageName()))
            || (Throwable.class.isAssignableFrom(type) && type.getModule() == Object.class.getModule());
    }

    private static Class<?> element(Class<?> type) {
        return type.isArray() ? element(type.getComponentType()) : type;
    }
}
