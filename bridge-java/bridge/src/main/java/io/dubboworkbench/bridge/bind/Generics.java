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

    /**
     * {@code List<Order>}; raw is never an array.
     *
     * @param owner of an inner class of a generic one: {@code Outer<Long>}, whose variables it sees; else null
     */
    public record Parameterized(Class<?> raw, List<Type> arguments, Type owner) implements Type {
        public Parameterized(Class<?> raw, List<Type> arguments) {
            this(raw, arguments, null);
        }
    }

    /** {@code List<Order>[]}: an array whose component is no class. */
    public record ArrayOf(Type component) implements Type {}

    public static Type resolve(Type type, Map<TypeVariable<?>, Type> variables) {
        if (type instanceof ParameterizedType generic) {
            List<Type> arguments = Arrays.stream(generic.getActualTypeArguments()).map(each -> resolve(each, variables)).toList();
            Type owner = generic.getOwnerType() instanceof ParameterizedType outer ? resolve(outer, variables) : null;
            return new Parameterized((Class<?>) generic.getRawType(), arguments, owner);
        }
        if (type instanceof GenericArrayType array) {
            Type component = resolve(array.getGenericComponentType(), variables);
            return component instanceof Class<?> plain ? Array.newInstance(plain, 0).getClass() : new ArrayOf(component);
        }
        if (type instanceof WildcardType wildcard) {
            Type[] lower = wildcard.getLowerBounds(); // of `? super X` X is all that one can count on
            return resolve(lower.length > 0 ? lower[0] : wildcard.getUpperBounds()[0], variables);
        }
        if (type instanceof TypeVariable<?> variable) {
            Type known = variables.get(variable);
            return known != null ? known : bound(variable, variables);
        }
        return type; // a class, or resolved before
    }

    /** Of {@code T extends Comparable<T>} it is {@code Comparable<Comparable>}: inside its own bound a variable is the raw one. */
    private static Type bound(TypeVariable<?> variable, Map<TypeVariable<?>, Type> variables) {
        Map<TypeVariable<?>, Type> inside = new HashMap<>(variables);
        inside.put(variable, erased(variable));
        return resolve(variable.getBounds()[0], inside);
    }

    private static Class<?> erased(Type bound) {
        if (bound instanceof TypeVariable<?> variable) {
            return erased(variable.getBounds()[0]);
        }
        return (Class<?>) (bound instanceof ParameterizedType generic ? generic.getRawType() : bound);
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
            collect(generic.owner(), result);
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
