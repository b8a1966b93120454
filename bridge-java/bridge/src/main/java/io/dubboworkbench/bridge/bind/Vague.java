package io.dubboworkbench.bridge.bind;

import java.lang.reflect.Type;
import java.util.Map;

/** A type that a contract does not tell, as a registry's metadata does not tell what a type variable stands for. */
enum Vague implements Type {
    TYPE;

    /** @param any reads what is declared as Object */
    record VagueReader(Reader any) implements Reader {
        @Override
        public Object read(Object json, Place place) {
            Object value = any.read(json, place);
            if (value instanceof Number) {
                place.note("the contract does not tell the type here: the number goes as " + value.getClass().getName());
            } else if (value instanceof String) {
                place.note("the contract does not tell the type here: the text goes as java.lang.String");
            } else if (value instanceof Map && json instanceof Map<?, ?> object && !object.containsKey("$class") && !object.containsKey("$ref")) {
                place.note("the contract does not tell the type here: the provider sees a map, unless \"$class\" names a class");
            }
            return value;
        }
    }
}
