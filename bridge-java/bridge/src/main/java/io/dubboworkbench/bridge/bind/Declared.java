package io.dubboworkbench.bridge.bind;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A class that only a contract knows: what its fields are declared as. Its values are maps. Equal by identity, as its fields may lead back to it. */
public final class Declared implements Type {
    private final String name;
    private final Map<String, Type> fields;
    private final List<String> doubts = new ArrayList<>();
    private final Map<String, String> clashes = new HashMap<>();
    private boolean open;
    private boolean constants;

    /** @param known whether its fields are; they are added while it is made */
    Declared(String name, boolean known) {
        this.name = name;
        this.fields = known ? new LinkedHashMap<>() : null;
    }

    /** An enum, whose values are the names of its constants. */
    static Declared constants(String name) {
        Declared made = new Declared(name, false);
        made.constants = true;
        return made;
    }

    public String name() {
        return name;
    }

    public boolean isEnum() {
        return constants;
    }

    /** Names and types, inherited ones too; null when nothing is known of them. */
    public Map<String, Type> fields() {
        return fields;
    }

    /** Whether a superclass is unknown, so that there may be more fields. */
    public boolean open() {
        return open;
    }

    /** What a provider's accessors cannot tell apart. */
    public List<String> doubts() {
        return doubts;
    }

    void opened() {
        open = true;
    }

    void field(String owner, String field, Type type) {
        Type visible = fields.putIfAbsent(field, type);
        if (visible != null && !visible.equals(type)) {
            clashes.put(field, "the field " + field + " of " + name + " hides one of another type in " + owner
                + ", which the provider of a generic call cannot tell apart; add the API artifact, for a typed call");
        } else if (visible != null) {
            doubts.add("generic calls go by accessors, so they may take the field " + field + " of " + owner + " for the one of " + name + ", which hides it");
        }
    }

    /** To be called when all fields are there. Setters and getters of `uRL` and `URL` have one name. */
    void compareAccessors() {
        Map<String, String> accessors = new HashMap<>();
        fields.keySet().forEach(field -> {
            String other = accessors.putIfAbsent(Character.toUpperCase(field.charAt(0)) + field.substring(1), field);
            if (other != null) {
                doubts.add("generic calls go by accessors, which cannot tell the fields " + other + " and " + field + " of " + name + " apart");
            }
        });
    }

    /**
     * Reads an object field by field; `$class` selects another class of the contract.
     *
     * @param named whether the provider has to be told the class, as its signature does not say it
     */
    Reader reader(Readers readers, boolean named) {
        return (json, place) -> {
            if (named && fields == null && json instanceof String constant) { // of an API's classes only enums are texts
                return Map.of("class", name, "name", constant); // as a provider reads them where it has no declared type
            }
            if (fields == null && (json instanceof Map || json instanceof List)) {
                place.note("the contract does not tell the type here: it has no description of " + name);
            }
            if (!(json instanceof Map<?, ?> object)) {
                return readers.of(Object.class).read(json, place);
            }
            Object referred = place.referred(object, Object.class);
            if (referred != null) {
                return referred;
            }
            if (Readers.isStated(object)) {
                return readers.stated(object, Object.class, place);
            }
            if (object.get("$class") instanceof String other && !other.equals(name)) {
                return readers.of(readers.chosen(other)).read(object, place);
            }
            return read(object, readers, place, named);
        };
    }

    private Map<Object, Object> read(Map<?, ?> object, Readers readers, Place place, boolean named) {
        Map<Object, Object> result = new LinkedHashMap<>();
        place.remember(result);
        if (named && fields != null) {
            result.put("class", name);
        }
        doubts.forEach(place::note);
        object.forEach((key, value) -> {
            if (key.equals("$class") && value instanceof String) {
                result.put("class", value);
            } else {
                result.put(Marks.name((String) key), member((String) key, value, readers, place));
            }
        });
        return result;
    }

    private Object member(String key, Object value, Readers readers, Place place) {
        Type field = fields == null ? Object.class : fields.getOrDefault(Marks.name(key), Object.class);
        int entered = place.enter(key);
        if (Marks.is(key)) {
            place.problem(Marks.misplaced(key));
        } else if (value != null && clashes.containsKey(Marks.name(key))) {
            place.problem(clashes.get(Marks.name(key)));
        }
        if (value == null && fields != null) {
            place.note("a null in a generic request leaves the field as its constructor made it");
        }
        return Readers.inside(readers.of(field), value, place, entered);
    }

    @Override
    public String toString() {
        return name;
    }

    /** A class at a place where the provider's signature does not say it: a type variable, a wildcard, an element that is generic itself. */
    public record Named(Declared type) implements Type {}

    /** An array whose type the provider's signature does not say, and no element could. */
    record ErasedArray(Generics.ArrayOf array) implements Type {
        Reader reader(Readers readers) {
            Reader elements = readers.of(array);
            return (json, place) -> {
                if (json != null) {
                    place.note("the signature does not say what array this is: the provider sees a java.lang.Object[]");
                }
                return elements.read(json, place);
            };
        }
    }
}
