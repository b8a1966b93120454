package io.dubboworkbench.bridge.bind;

import io.dubboworkbench.bridge.bind.Generics.ArrayOf;
import io.dubboworkbench.bridge.bind.Generics.Parameterized;
import java.lang.reflect.Array;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Types as a contract writes them (`java.util.List<com.example.Order>`), for generic calls: those of the JDK become the
 * JDK's own, so that a UUID in a bean is sent as a UUID; all others are Declared, or Object when the contract has not
 * their fields.
 */
public final class Declarations {
    private static final Map<String, Class<?>> PRIMITIVES = new HashMap<>();
    private static final List<Class<?>> STRUCTURES = List.of(Iterable.class, Map.class, Optional.class, OptionalInt.class, OptionalLong.class, OptionalDouble.class, Class.class);
    /** Those of enums cannot be made without the enum. */
    private static final Map<String, Class<?>> UNTYPED = Map.of("java.util.EnumMap", LinkedHashMap.class, "java.util.EnumSet", LinkedHashSet.class);
    private final Map<String, Object> definitions;
    private final Map<List<Object>, Type> known = new HashMap<>();

    static {
        for (Class<?> type : new Class<?>[] {boolean.class, byte.class, char.class, short.class, int.class, long.class, float.class, double.class}) {
            PRIMITIVES.put(type.getName(), type);
        }
    }

    /** @param definitions name → {"parameters": [names of type variables], "super": type, "fields": {name: type}} */
    public Declarations(Map<String, Object> definitions) {
        this.definitions = definitions;
    }

    /** The type of a text; what cannot be understood is Object. */
    public synchronized Type parse(String text) {
        return new Parser(text, Map.of()).whole();
    }

    synchronized Type type(String name, List<Type> arguments) {
        Class<?> primitive = PRIMITIVES.get(name);
        if (primitive != null) {
            return primitive;
        }
        if (name.startsWith("java.")) {
            return jdk(name, arguments);
        }
        Type made = known.get(List.of(name, arguments));
        return made != null ? made : declare(name, arguments);
    }

    private static Type jdk(String name, List<Type> arguments) {
        try {
            Class<?> type = UNTYPED.getOrDefault(name, Class.forName(name));
            if (Scalars.reader(type) == null && STRUCTURES.stream().noneMatch(structure -> structure.isAssignableFrom(type))) {
                return Object.class;
            }
            return arguments.size() == type.getTypeParameters().length && !arguments.isEmpty() ? new Parameterized(type, arguments) : type;
        } catch (ClassNotFoundException newerThanWe) {
            return Object.class;
        }
    }

    private Type declare(String name, List<Type> arguments) {
        if (!definitions.containsKey(name)) {
            return new Declared(name, null);
        }
        Map<String, Type> fields = new LinkedHashMap<>();
        Type made = new Declared(name, fields);
        known.put(List.of(name, arguments), made); // before its fields, for they may lead back
        collect(name, arguments, fields);
        return made;
    }

    private void collect(String name, List<Type> arguments, Map<String, Type> fields) {
        if (!(definitions.get(name) instanceof Map<?, ?> definition)) {
            return;
        }
        Map<String, Type> variables = new HashMap<>();
        List<?> names = (List<?>) definition.get("parameters");
        for (int i = 0; i < Math.min(names.size(), arguments.size()); i++) {
            variables.put((String) names.get(i), arguments.get(i));
        }
        ((Map<?, ?>) definition.get("fields")).forEach((field, type) -> fields.putIfAbsent((String) field, new Parser((String) type, variables).whole()));
        Parser parent = new Parser((String) definition.get("super"), variables);
        String superName = parent.name();
        collect(superName, parent.arguments(), fields);
    }

    /** name<arguments>[] with wildcards, as a contract has them. */
    private final class Parser {
        private final String text;
        private final Map<String, Type> variables;
        private int at;

        Parser(String text, Map<String, Type> variables) {
            this.text = text;
            this.variables = variables;
        }

        Type whole() {
            if (take("?")) {
                return take(" extends ") || take(" super ") ? whole() : Object.class;
            }
            String name = name();
            List<Type> arguments = arguments();
            Type type = variables.containsKey(name) ? variables.get(name) : name.contains(".") || PRIMITIVES.containsKey(name) ? type(name, arguments) : Object.class;
            while (take("[]")) {
                type = type instanceof Class<?> plain ? Array.newInstance(plain, 0).getClass() : new ArrayOf(type);
            }
            return type;
        }

        String name() {
            int start = at;
            while (at < text.length() && "<>,[] ".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            return text.substring(start, at);
        }

        List<Type> arguments() {
            List<Type> arguments = new ArrayList<>();
            if (take("<")) {
                do {
                    take(" ");
                    arguments.add(whole());
                } while (take(","));
                take(">");
            }
            return arguments;
        }

        private boolean take(String sign) {
            boolean there = text.startsWith(sign, at);
            at += there ? sign.length() : 0;
            return there;
        }
    }
}
