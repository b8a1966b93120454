package io.dubboworkbench.bridge.bind;

import com.google.protobuf.Message;
import io.dubboworkbench.bridge.bind.Generics.ArrayOf;
import io.dubboworkbench.bridge.bind.Generics.Parameterized;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** The readers of one class loader: each type is looked at once. */
final class Readers {
    private final ClassLoader loader;
    private final Declarations declarations;
    private final Map<Type, Reader> known = new ConcurrentHashMap<>();

    /** @param declarations for generic calls, whose classes are not there; else null */
    Readers(ClassLoader loader, Declarations declarations) {
        this.loader = loader;
        this.declarations = declarations;
    }

    Declarations declarations() {
        return declarations;
    }

    /** @param type resolved, see Generics */
    Reader of(Type type) {
        Reader reader = known.get(type);
        if (reader == null) {
            reader = make(type);
            known.put(type, reader); // made lazily inside, so recursion ends and a double make does no harm
        }
        return reader;
    }

    private Reader make(Type type) {
        if (type instanceof Declared declared) {
            return declared.reader(this, false);
        }
        if (type instanceof Declared.Named named) {
            return named.type().reader(this, true);
        }
        if (type instanceof Declared.ErasedArray erased) {
            return erased.reader(this);
        }
        if (type instanceof Vague) {
            return new Vague.VagueReader(of(Object.class));
        }
        Class<?> raw = Generics.raw(type);
        Function<Object, Object> scalar = Scalars.reader(raw);
        if (scalar != null) {
            Reader reader = new ScalarReader(raw, scalar);
            return Modifier.isFinal(raw.getModifiers()) ? reader : new ExtensibleReader(this, raw, reader);
        }
        Reader optional = optional(type, raw);
        if (optional != null) {
            return optional;
        }
        Reader inner = make(type, raw);
        return (json, place) -> json == null ? null : inner.read(json, place);
    }

    private Reader make(Type type, Class<?> raw) {
        if (raw == Object.class || raw == java.io.Serializable.class || raw == Cloneable.class) {
            return new AnyReader(this);
        }
        if (raw == byte[].class) {
            Reader array = new ArrayReader(this, byte.class);
            return (json, place) -> json instanceof String text ? Scalars.base64(text) : array.read(json, place);
        }
        if (raw.isArray()) {
            return new ArrayReader(this, type instanceof ArrayOf generic ? generic.component() : raw.getComponentType());
        }
        if (raw.isEnum()) {
            return (json, place) -> EnumNames.constant(raw, json);
        }
        if (raw == Iterator.class || raw == Enumeration.class) { // both are read once, by who sends them
            Reader items = of(new Parameterized(List.class, List.of(argument(type))));
            return (json, place) -> raw == Iterator.class ? ((List<?>) items.read(json, place)).iterator() : Collections.enumeration((List<?>) items.read(json, place));
        }
        if (raw == BitSet.class) {
            return new BitsReader(of(int[].class));
        }
        if (Map.Entry.class.isAssignableFrom(raw) && EntryReader.KINDS.containsKey(raw)) {
            return new EntryReader(this, raw, Generics.argument(type, Map.Entry.class, 0), Generics.argument(type, Map.Entry.class, 1));
        }
        if (Collection.class.isAssignableFrom(raw) || raw == Iterable.class) {
            return new CollectionReader(this, raw, raw == Iterable.class ? argument(type) : Generics.argument(type, Collection.class, 0));
        }
        if (Map.class.isAssignableFrom(raw)) {
            return new MapReader(this, raw, Generics.argument(type, Map.class, 0), Generics.argument(type, Map.class, 1));
        }
        if (raw == Class.class) {
            return (json, place) -> named(String.valueOf(json));
        }
        if (Message.class.isAssignableFrom(raw) && raw != Message.class) {
            return new MessageReader(raw);
        }
        return new BeanReader(this, type);
    }

    private Reader optional(Type type, Class<?> raw) {
        if (raw == Optional.class) {
            return (json, place) -> Optional.ofNullable(of(argument(type)).read(json, place));
        }
        if (raw == AtomicReference.class) {
            return (json, place) -> reference(json, of(argument(type)), place);
        }
        if (raw == OptionalInt.class) {
            return (json, place) -> json == null ? OptionalInt.empty() : OptionalInt.of((int) of(int.class).read(json, place));
        }
        if (raw == OptionalLong.class) {
            return (json, place) -> json == null ? OptionalLong.empty() : OptionalLong.of((long) of(long.class).read(json, place));
        }
        if (raw == OptionalDouble.class) {
            return (json, place) -> json == null ? OptionalDouble.empty() : OptionalDouble.of((double) of(double.class).read(json, place));
        }
        return null;
    }

    /** What it holds; one that holds null is written as a stated value. */
    private static AtomicReference<?> reference(Object json, Reader held, Place place) {
        boolean stated = isStated(json) && ((Map<?, ?>) json).get("$class").equals(AtomicReference.class.getName());
        Object inner = stated ? ((Map<?, ?>) json).get("$value") : json;
        return json == null ? null : new AtomicReference<>(held.read(inner, place));
    }

    private static Type argument(Type type) {
        return type instanceof Parameterized generic ? generic.arguments().get(0) : Object.class;
    }

    /**
     * The type that a `$class` names: one of the artifacts, or a plain value or collection of the JDK. No object of any
     * other is made, whatever a request says.
     */
    Type chosen(String name) {
        if (declarations != null) {
            return declarations.chosen(name);
        }
        Class<?> found = named(name);
        return Chosen.allowed(found, loader);
    }

    /** The class of a name; arrays as in Java source. */
    Class<?> named(String name) {
        if (name.endsWith("[]")) {
            return named(name.substring(0, name.length() - 2)).arrayType();
        }
        Class<?> primitive = Declarations.primitive(name);
        try {
            return primitive != null ? primitive : Class.forName(name, false, loader);
        } catch (ClassNotFoundException | LinkageError missing) {
            throw new BadValue("class " + name + " is not in the artifacts");
        }
    }

    /** Whether it is `{"$class": …, "$value": …}`, which says the class of a value that is no object. */
    static boolean isStated(Object json) {
        return json instanceof Map<?, ?> object && object.size() == 2 && object.get("$class") instanceof String && object.containsKey("$value");
    }

    /** @param wanted what it has to be; for generic calls, which cannot tell, Object */
    Object stated(Map<?, ?> object, Class<?> wanted, Place place) {
        String name = (String) object.get("$class");
        Type type = declarations != null ? declarations.chosenValue(name) : chosen(name);
        Object value = inside(of(type), object.get("$value"), place, place.enter("$value"));
        if (value != null && !wanted.isInstance(value)) {
            throw new BadValue(name + " is no " + wanted.getName());
        }
        if (declarations != null && value instanceof Collection && !(value instanceof java.util.ArrayList)) {
            place.note("in place of an Object the provider of a generic call sees a java.util.ArrayList");
        }
        return value;
    }

    /** Reads what stands at a key or index; a BadValue becomes a problem there, and reading goes on behind it. */
    static Object inside(Reader reader, Object json, Place place, int entered) {
        try {
            return reader.read(json, place);
        } catch (BadValue bad) {
            place.problem(bad.getMessage());
            return null;
        } finally {
            place.leave(entered);
        }
    }

    static List<?> array(Object json, Class<?> type) {
        if (json instanceof List<?> array) {
            return array;
        }
        throw new BadValue(type.getTypeName() + " is written as an array, not " + Show.json(json));
    }

    static Map<?, ?> object(Object json, Class<?> type) {
        if (json instanceof Map<?, ?> object) {
            return object;
        }
        throw new BadValue(type.getTypeName() + " is written as an object, not " + Show.json(json));
    }

    private record ScalarReader(Class<?> type, Function<Object, Object> scalar) implements Reader {
        @Override
        public Object read(Object json, Place place) {
            if (json != null) {
                return scalar.apply(json);
            }
            if (type.isPrimitive()) {
                throw new BadValue(type + " cannot be null");
            }
            return null;
        }
    }
}
