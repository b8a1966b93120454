package io.dubboworkbench.bridge.bind;

import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;

/**
 * A class that only a contract knows: what its fields are declared as. Its values are maps.
 *
 * @param fields names and types, inherited ones too; null when nothing is known of them
 */
record Declared(String name, Map<String, Type> fields) implements Type {
    /** Reads an object field by field; `$class` selects another class of the contract. */
    static Reader reader(Declared type, Readers readers) {
        return (json, place) -> {
            if (!(json instanceof Map<?, ?> object)) {
                return readers.of(Object.class).read(json, place);
            }
            if (object.size() == 1 && object.get("$ref") instanceof String path) {
                return place.recall(path);
            }
            if (object.get("$class") instanceof String named && !named.equals(type.name)) {
                return readers.of(readers.declarations().type(named, List.of())).read(object, place);
            }
            Map<Object, Object> result = new java.util.LinkedHashMap<>();
            place.remember(result);
            object.forEach((key, value) -> {
                if (key.equals("$class")) {
                    result.put("class", value);
                } else {
                    Type field = type.fields == null ? Object.class : type.fields.getOrDefault(key, Object.class);
                    result.put(key, Readers.inside(readers.of(field), value, place, place.enter((String) key)));
                }
            });
            return result;
        };
    }

    @Override
    public boolean equals(Object other) {
        return this == other; // fields may lead back here
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return name;
    }
}
