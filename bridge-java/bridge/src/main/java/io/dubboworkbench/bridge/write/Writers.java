package io.dubboworkbench.bridge.write;

import com.google.protobuf.Message;
import io.dubboworkbench.bridge.Notes;
import io.dubboworkbench.bridge.bind.Declarations;
import io.dubboworkbench.bridge.bind.Declared;
import io.dubboworkbench.bridge.bind.Generics;
import io.dubboworkbench.bridge.bind.Generics.ArrayOf;
import io.dubboworkbench.bridge.bind.Generics.Parameterized;
import java.lang.reflect.Array;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * JSON writers by declared type, each made once. Where the value's class is not the declared one, `$class` says so, so
 * that an answer can be sent as a request and mean the same. Fields, not getters: what Hessian carries is what is seen.
 */
public final class Writers {
    private static final Writer MESSAGES = new MessageWriter();
    private final Map<Type, Writer> known = new ConcurrentHashMap<>();
    private final Declarations declarations;
    private final boolean exact;
    private final boolean stating;

    public Writers() {
        this(false);
    }

    /** @param stating whether values in open places say of which class they are, see StatedWriter */
    public Writers(boolean stating) {
        this(null, false, stating);
    }

    /**
     * For answers of generic calls.
     *
     * @param exact whether what is declared as Object is an Object: a registry says so of type variables, too
     */
    public Writers(Declarations declarations, boolean exact, boolean stating) {
        this.stating = stating;
        this.declarations = declarations;
        this.exact = exact;
    }

    /**
     * @param type resolved declared type; Object.class when it is not known
     * @param generic whether the value comes from a generic call, see MapWriter
     * @param notes where to tell what a generic call has changed; null: nowhere
     * @throws io.dubboworkbench.bridge.json.JsonException when it holds what JSON cannot: a lone surrogate, endless depth
     */
    public void write(StringBuilder text, Object value, Type type, boolean generic, Notes notes) {
        of(type).write(new Out(text, generic, notes), value);
    }

    public void write(StringBuilder text, Object value, Type type) {
        write(text, value, type, false, null);
    }

    Declared declared(String name) {
        return (Declared) declarations.type(name, List.of());
    }

    /** Whether a class that the contract does not declare for its place is to be named there. */
    boolean names(Object className) {
        return className != null && (exact || stating && declarations != null);
    }

    Writer of(Type type) {
        Writer writer = known.get(type);
        if (writer == null) {
            writer = nullable(make(type));
            known.put(type, writer);
        }
        return writer;
    }

    private static Writer nullable(Writer writer) {
        return (out, value) -> {
            if (value == null) {
                out.text.append("null");
            } else {
                writer.write(out, value);
            }
        };
    }

    private Writer make(Type type) {
        if (type instanceof Declared declared) {
            return new DeclaredWriter(this, declared);
        }
        if (type instanceof Declared.Named named) {
            return of(named.type());
        }
        Class<?> raw = Generics.raw(type);
        Class<?> boxed = boxed(raw);
        Writer scalar = Scalars.of(boxed);
        if (scalar != null) { // generic calls answer a float as a Double
            return (out, value) -> (value.getClass() == boxed ? scalar : actual(out, value, type)).write(out, value);
        }
        if (Collection.class.isAssignableFrom(raw)) {
            return new CollectionWriter(this, Generics.argument(type, Collection.class, 0));
        }
        if (Map.class.isAssignableFrom(raw)) {
            boolean told = type instanceof Parameterized || raw.isInterface();
            return new MapWriter(this, Generics.argument(type, Map.class, 0), Generics.argument(type, Map.class, 1), told);
        }
        if (raw.isArray()) {
            Type component = type instanceof ArrayOf generic ? generic.component() : raw.getComponentType();
            return (out, value) -> array(out, value, of(component));
        }
        if (raw == Optional.class) {
            Type inner = type instanceof Parameterized generic ? generic.arguments().get(0) : Object.class;
            return (out, value) -> of(inner).write(out, ((Optional<?>) value).orElse(null));
        }
        if (Message.class.isAssignableFrom(raw)) {
            return MESSAGES;
        }
        if (raw == AtomicReference.class) {
            Type inner = type instanceof Parameterized generic ? generic.arguments().get(0) : Object.class;
            return (out, value) -> reference(out, value, of(inner));
        }
        if (Map.Entry.class.isAssignableFrom(raw)) {
            return new EntryWriter(this, Generics.argument(type, Map.Entry.class, 0), Generics.argument(type, Map.Entry.class, 1));
        }
        if (Iterable.class == raw || Iterator.class.isAssignableFrom(raw) || Enumeration.class.isAssignableFrom(raw)) {
            Writer items = of(new Parameterized(Collection.class, List.of(type instanceof Parameterized generic ? generic.arguments().get(0) : Object.class)));
            return (out, value) -> items.write(out, rest(value));
        }
        if (raw.isInterface() || raw == Object.class || raw == Number.class) {
            return (out, value) -> actual(out, value, type).write(out, value);
        }
        BeanWriter bean = new BeanWriter(this, type, false);
        return (out, value) -> (value.getClass() == raw ? bean : actual(out, value, type)).write(out, value);
    }

    /** The writer for what a value really is, where its declared type does not tell. */
    private Writer actual(Out out, Object value, Type declared) {
        Class<?> type = value.getClass();
        Writer scalar = Scalars.of(type);
        if (scalar != null) {
            return stating && isOpen(declared) && !StatedWriter.isPlain(value) ? new StatedWriter(scalar) : scalar;
        }
        if (value instanceof Message) {
            return MESSAGES;
        }
        boolean structure = type.isArray() || value instanceof Collection || value instanceof Map || value instanceof Map.Entry || value instanceof Iterator
            || value instanceof Enumeration || type == AtomicReference.class || type.getName().startsWith("java.util.Optional");
        if (structure) {
            boolean bean = out.generic && value instanceof Map<?, ?> map && MapWriter.className(map) != null; // names its own
            boolean plain = bean || !stating || !isOpen(declared) || type == ArrayList.class || type == LinkedHashMap.class || type.getName().startsWith("java.util.Optional");
            return plain ? of(type) : new StatedWriter(of(type));
        }
        return known.computeIfAbsent(new Tagged(type), tagged -> new BeanWriter(this, type, type != Generics.raw(declared)));
    }

    /** In a generic answer it is a map of its getters. */
    private static void reference(Out out, Object value, Writer inner) {
        Object held = value instanceof AtomicReference<?> reference ? reference.get() : value instanceof Map<?, ?> getters ? getters.get("plain") : value;
        if (held == null) {
            out.text.append("{\"$class\":\"java.util.concurrent.atomic.AtomicReference\",\"$value\":null}");
        } else {
            inner.write(out, held);
        }
    }

    private static Collection<?> rest(Object value) {
        if (value instanceof Collection<?> collection) {
            return collection;
        }
        List<Object> items = new ArrayList<>();
        Iterator<?> each = value instanceof Iterable<?> iterable ? iterable.iterator() : value instanceof Enumeration<?> enumeration ? enumeration.asIterator() : (Iterator<?>) value;
        each.forEachRemaining(items::add);
        return items;
    }

    boolean isStating(Type key) {
        return stating && isOpen(key);
    }

    /** Whether the declared type leaves open of which class a value is. */
    private static boolean isOpen(Type declared) {
        Class<?> raw = Generics.raw(declared);
        return raw == Object.class || raw == Number.class || raw == Enum.class || raw.isInterface();
    }

    /** Key for the writer of a class that names itself. */
    private record Tagged(Class<?> type) implements Type {}

    private static void array(Out out, Object array, Writer element) {
        if (!out.open(array)) {
            return;
        }
        out.text.append('[');
        for (int i = 0; i < Array.getLength(array); i++) {
            if (i > 0) {
                out.text.append(',');
            }
            int entered = out.enter(i);
            element.write(out, Array.get(array, i));
            out.leave(entered);
        }
        out.text.append(']');
        out.close();
    }

    private static Class<?> boxed(Class<?> type) {
        return type.isPrimitive() && type != void.class ? Array.get(Array.newInstance(type, 1), 0).getClass() : type;
    }
}
