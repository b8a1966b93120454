package io.dubboworkbench.bridge.bind;

import java.lang.reflect.Type;
import java.util.AbstractMap;
import java.util.Map;
import java.util.function.BinaryOperator;

/** A Map.Entry: `{"key": …, "value": …}`. */
record EntryReader(Readers readers, Class<?> type, Type key, Type value) implements Reader {
    static final Map<Class<?>, BinaryOperator<Object>> KINDS = Map.of(
        Map.Entry.class, AbstractMap.SimpleEntry::new,
        AbstractMap.SimpleEntry.class, AbstractMap.SimpleEntry::new,
        AbstractMap.SimpleImmutableEntry.class, AbstractMap.SimpleImmutableEntry::new);

    @Override
    public Object read(Object json, Place place) {
        Map<?, ?> object = Readers.object(json, type);
        if (Readers.isStated(object)) {
            return readers.stated(object, type, place);
        }
        if (object.size() != 2 || !object.containsKey("key") || !object.containsKey("value")) {
            throw new BadValue(type.getName() + " is written as {\"key\": …, \"value\": …}, not " + Show.json(json));
        }
        Object readKey = Readers.inside(readers.of(key), object.get("key"), place, place.enter("key"));
        Object readValue = Readers.inside(readers.of(value), object.get("value"), place, place.enter("value"));
        return KINDS.get(type).apply(readKey, readValue);
    }
}
