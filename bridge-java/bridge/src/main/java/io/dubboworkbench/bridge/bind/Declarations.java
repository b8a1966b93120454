package io.dubboworkbench.bridge.bind;

import io.dubboworkbench.bridge.bind.Declared.ErasedArray;
import io.dubboworkbench.bridge.bind.Declared.Named;
import io.dubboworkbench.bridge.bind.Generics.ArrayOf;
import io.dubboworkbench.bridge.bind.Generics.Parameterized;
import java.lang.reflect.Array;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Types as a contract writes them (`java.util.List<com.example.Order>`), for generic calls: those of the JDK become the
 * JDK's own, so that a UUID in a bean is sent as a UUID; all others are Declared, or Object when the contract has not
 * their fields.
 */
public final class Declarations {
    /** Dubbo reads the class of their elements off a signature when it stands there plainly: no wildcard, no arguments. */
    private static final List<String> SEEN = List.of("java.util.List", "java.util.Set", "java.util.Collection");
    /** What a registry says in place of type variables. */
    private static final List<Class<?>> ERASED = List.of(Object.class, Comparable.class, java.io.Serializable.class);
    private static final Map<String, Class<?>> PRIMITIVES = new HashMap<>();
    private static final List<Class<?>> STRUCTURES = List.of(
        Iterable.class, Iterator.class, Enumeration.class, Map.class, Map.Entry.class, Optional.class, OptionalInt.class, OptionalLong.class,
        OptionalDouble.class, AtomicReference.class, BitSet.class, Class.class);
    /** Those of enums cannot be made without the enum. */
    private static final Map<String, Class<?>> UNTYPED = Map.of("java.util.EnumMap", LinkedHashMap.class, "java.util.EnumSet", LinkedHashSet.class);
    private final Map<String, Object> definitions;
    private final boolean exact;
    private final boolean unchecked;
    private final Map<List<Object>, Type> known = new HashMap<>();
    private final Function<String, Map<String, Object>> beside;

    static {
        for (Class<?> type : new Class<?>[] {boolean.class, byte.class, char.class, short.class, int.class, long.class, float.class, double.class}) {
            PRIMITIVES.put(type.getName(), type);
        }
    }

    /**
     * @param exact whether what is declared as Object is an Object: a registry says so of type variables, too
     * @param definitions name → {"parameters": [names of type variables], "super": type or empty, "fields": {name: type}},
     *     or {"enum": true}
     * @param unchecked whether `$class` may name what it will: what comes of it is for the provider to say
     * @param beside name → definitions of a class that a `$class` names and those that it leads to, as far as the artifacts have
     *     it; else empty
     */
    public Declarations(Map<String, Object> definitions, boolean exact, boolean unchecked, Function<String, Map<String, Object>> beside) {
        this.exact = exact;
        this.unchecked = unchecked;
        this.definitions = new HashMap<>(definitions);
        this.beside = beside;
    }

    /** Null when it is none. */
    static Class<?> primitive(String name) {
        return PRIMITIVES.get(name);
    }

    /** The type of a text; what cannot be understood is Object. */
    public synchronized Type parse(String text) {
        return vague(new Parser(text, Map.of()).whole());
    }

    private Type vague(Type type) {
        if (exact) {
            return type;
        }
        if (type instanceof Class<?> array && array.isArray()) {
            Type component = vague(array.getComponentType());
            return component == array.getComponentType() ? type : new ArrayOf(component);
        }
        return ERASED.contains(type) ? Vague.TYPE : type;
    }

    /** What a `$class` names in a generic request; see {@link Chosen}. */
    Type chosen(String name) {
        allow(name);
        return type(name, List.of());
    }

    /** The same beside a `$value`: it may be an array or have type arguments. */
    Type chosenValue(String name) {
        allow(name.replaceFirst("(<.*>)?(\\[\\])*$", ""));
        return parse("!" + name);
    }

    private synchronized void allow(String name) {
        if (unchecked || definitions.containsKey(name) || PRIMITIVES.containsKey(name)) {
            return;
        }
        if (Chosen.isPlatform(name)) {
            Chosen.allowed(name);
            return;
        }
        beside.apply(name).forEach(definitions::putIfAbsent);
        if (exact && !definitions.containsKey(name)) {
            throw new BadValue("class " + name + " is neither in the contract nor in the artifacts; `unchecked: true` sends it all the same");
        }
    }

    /** The class of a name, as far as the contract knows it. */
    public synchronized Type type(String name, List<Type> arguments) {
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

    private Type jdk(String name, List<Type> arguments) {
        try {
            Class<?> type = UNTYPED.getOrDefault(name, Class.forName(name));
            if (Scalars.reader(type) == null && STRUCTURES.stream().noneMatch(structure -> structure.isAssignableFrom(type))) {
                return Object.class;
            }
            int variables = type.getTypeParameters().length;
            boolean untold = !exact && arguments.isEmpty() && variables > 0 && Map.Entry.class.isAssignableFrom(type);
            List<Type> known = untold ? Collections.nCopies(variables, Vague.TYPE) : arguments;
            return known.size() == variables && variables > 0 ? new Parameterized(type, known) : type;
        } catch (ClassNotFoundException newerThanWe) {
            return Object.class;
        }
    }

    private Type declare(String name, List<Type> arguments) {
        if (!(definitions.get(name) instanceof Map<?, ?> definition)) {
            return new Declared(name, false);
        }
        if (definition.containsKey("enum")) {
            return Declared.constants(name);
        }
        known.put(List.of(name, arguments), new Declared(name, false)); // for one that holds its own kind
        Type structure = structure(name, arguments);
        if (structure != null) {
            known.put(List.of(name, arguments), structure);
            return structure;
        }
        Declared made = new Declared(name, true);
        known.put(List.of(name, arguments), made); // before its fields, for they may lead back
        collect(name, arguments, made);
        made.compareAccessors();
        return made;
    }

    /** The map or collection that a class extends, with what it holds; null when it is no such class. Those are written without fields. */
    private Type structure(String name, List<Type> arguments) {
        if (!(definitions.get(name) instanceof Map<?, ?> definition)) {
            return null;
        }
        Parser parent = new Parser((String) definition.get("super"), variables(definition, arguments));
        String superName = parent.name();
        if (!superName.startsWith("java.")) {
            return structure(superName, parent.arguments(superName));
        }
        Class<?> raw = Generics.raw(jdk(superName, List.of()));
        boolean holds = Map.class.isAssignableFrom(raw) || Collection.class.isAssignableFrom(raw);
        return holds ? jdk(superName, parent.arguments("")) : null;
    }

    private static Map<String, Type> variables(Map<?, ?> definition, List<Type> arguments) {
        Map<String, Type> variables = new HashMap<>();
        List<?> names = (List<?>) definition.get("parameters");
        for (int i = 0; i < Math.min(names.size(), arguments.size()); i++) {
            variables.put((String) names.get(i), named(arguments.get(i)));
        }
        return variables;
    }

    private void collect(String name, List<Type> arguments, Declared into) {
        if (!(definitions.get(name) instanceof Map<?, ?> definition)) {
            if (!name.isEmpty() && !name.equals("java.lang.Object")) {
                into.opened();
            }
            return;
        }
        Map<String, Type> variables = variables(definition, arguments);
        ((Map<?, ?>) definition.get("fields")).forEach((field, type) -> into.field(name, (String) field, vague(new Parser((String) type, variables).whole())));
        Parser parent = new Parser((String) definition.get("super"), variables);
        String superName = parent.name();
        collect(superName, parent.arguments(superName), into);
    }

    /** The type with all classes in it to be named in requests. */
    private static Type named(Type type) {
        if (type instanceof Declared declared) {
            return new Named(declared);
        }
        if (type instanceof ArrayOf array) {
            return new ArrayOf(named(array.component()));
        }
        return type instanceof Parameterized generic ? new Parameterized(generic.raw(), generic.arguments().stream().map(Declarations::named).toList()) : type;
    }

    /** name<arguments> & bound[] with wildcards, as a contract has them; `!` stands before what a signature does not say. */
    private final class Parser {
        private final String text;
        private final Map<String, Type> variables;
        private int at;

        Parser(String text, Map<String, Type> variables) {
            this.text = text;
            this.variables = variables;
        }

        Type whole() {
            if (take("!")) {
                Type type = named(whole());
                return type instanceof ArrayOf array ? new ErasedArray(array) : type;
            }
            if (take("?")) {
                return take(" extends ") || take(" super ") ? whole() : Object.class;
            }
            String name = name();
            List<Type> arguments = arguments(name);
            Type type = variables.containsKey(name) ? variables.get(name) : name.contains(".") || PRIMITIVES.containsKey(name) ? type(name, arguments) : vague(Object.class);
            while (take(" & ")) { // further bounds of a type variable
                name();
                arguments("");
            }
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

        List<Type> arguments(String of) {
            List<Type> arguments = new ArrayList<>();
            if (take("<")) {
                do {
                    take(" ");
                    int start = at;
                    Type type = whole();
                    arguments.add(type instanceof Declared each && each.name().equals(text.substring(start, at)) && isRead(of, each) ? type : named(type));
                } while (take(","));
                take(">");
            }
            return arguments;
        }

        /** Whether a provider reads the class off a type argument. */
        private static boolean isRead(String of, Declared argument) {
            return SEEN.contains(of) || (argument.isEnum() && of.startsWith("java."));
        }

        private boolean take(String sign) {
            boolean there = text.startsWith(sign, at);
            at += there ? sign.length() : 0;
            return there;
        }
    }
}
