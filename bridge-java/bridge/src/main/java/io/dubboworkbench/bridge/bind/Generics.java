package io.dubboworkbench.bridge.bind;

import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Types without variables: what is left after resolving is a Class or a {@link Parameterized}, comparable by equals.
 * A wildcard or an unbound variable is its first bound.
 */
public final class Generics {
    private Generics() {}

    /** {@code List<Order>}; raw is never an array. */
    public record Parameterized(Class<?> raw, List<Type> arguments) implements Type {}

    /** {@code List<Order>[]}: an array whose component is no class. */
    public record ArrayOf(Type component) implements Type {}

    public static Type resolve(Type type, Map<TypeVariable<?>, Type> variables) {
        return resolve(type, variables, 0);
    }

    private static Type resolve(Type type, Map<TypeVariable<?>, Type> variables, int depth) {
        if (type instanceof Class || type instanceof Parameterized || type instanceof ArrayOf || isContracts(type)) {
            return type;
        }
        if (depth > 20) { // <T extends Comparable<T>> without end
            return Object.class;
        }
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            Type[] resolved = new Type[arguments.length];
            for (int i = 0; i < arguments.length; i++) {
                resolved[i] = resolve(arguments[i], variables, depth + 1);
            }
            return new Parameterized((Class<?>) generic.getRawType(), Arrays.asList(resolved));
        }
        if (type instanceof GenericArrayType array) {
            Type component = resolve(array.getGenericComponentType(), variables, depth + 1);
            return component instanceof Class<?> plain ? Array.newInstance(plain, 0).getClass() : new ArrayOf(component);
        }
        if (type instanceof WildcardType wildcard) {
            return resolve(wildcard.getUpperBounds()[0], variables, depth + 1);
        }
        TypeVariable<?> variable = (TypeVariable<?>) type;
        Type known = variables.get(variable);
        return known != null ? known : raw(resolve(variable.getBounds()[0], variables, depth + 10));
    }

    /** Whether it is none of Java's own types. */
    private static boolean isContracts(Type type) {
        return type instanceof Declared || type instanceof Declared.Named || type instanceof Declared.ErasedArray || type instanceof Vague;
    }

    /** What each type variable of the type and of all its supertypes stands for. */
    public static Map<TypeVariable<?>, Type> variables(Type resolved) {
        Map<TypeVariable<?>, Type> result = new HashMap<>();
        collect(resolved, result);
        return result;
    }

    private static void collect(Type type, Map<TypeVariable<?>, Type> result) {
        if (type == null) {
            return;
        }
        Class<?> raw = raw(type);
        if (type instanceof Parameterized generic) {
            TypeVariable<?>[] names = raw.getTypeParameters();
            for (int i = 0; i < names.length; i++) {
                result.put(names[i], generic.arguments().get(i));
            }
        }
        if (raw.getGenericSuperclass() != null) {
            collect(resolve(raw.getGenericSuperclass(), result), result);
        }
        for (Type parent : raw.getGenericInterfaces()) {
            collect(resolve(parent, result), result);
        }
    }

    public static Class<?> raw(Type resolved) {
        if (resolved instanceof Class<?> plain) {
            return plain;
        }
        if (resolved instanceof ArrayOf array) {
            return Array.newInstance(raw(array.component()), 0).getClass();
        }
        if (isContracts(resolved)) {
            return Object.class; // a map, or the text of an enum
        }
        return ((Parameterized) resolved).raw();
    }

    /** The type argument that the supertype's variable number `index` has in this type: E of the Collection that it is. */
    public static Type argument(Type resolved, Class<?> supertype, int index) {
        Type found = variables(resolved).get(supertype.getTypeParameters()[index]);
        return found == null ? Object.class : found;
    }
}
