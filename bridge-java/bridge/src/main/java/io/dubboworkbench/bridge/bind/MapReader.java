package io.dubboworkbench.bridge.bind;

import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** Maps: an object whose keys are read as the key type, or {"$entries": [[key, value], …]}. */
record MapReader(Readers readers, Class<?> type, Type key, Type value) implements Reader {
    @Override
    public Object read(Object json, Place place) {
        Map<?, ?> object = Readers.object(json, type);
        Object referred = place.referred(object, type);
        if (referred != null) {
            return referred;
        }
        Map<Object, Object> result = empty(object.get("$class"));
        place.remember(result);
        if (object.size() == 1 && object.get("$entries") instanceof List<?> entries) {
            readEntries(entries, result, place);
        } else {
            object.forEach((name, item) -> readPair((String) name, item, result, place));
        }
        return result;
    }

    private void readPair(String name, Object item, Map<Object, Object> result, Place place) {
        if (name.equals("$class") && item instanceof String) {
            return; // has been looked at
        }
        int entered = place.enter(name);
        if (Marks.is(name)) {
            place.problem(Marks.misplaced(name));
            place.leave(entered);
            return;
        }
        put(result, Readers.inside(readers.of(key), Marks.name(name), place, entered), item, place, place.enter(name));
    }

    private void readEntries(List<?> entries, Map<Object, Object> result, Place place) {
        int inside = place.enter("$entries");
        for (int i = 0; i < entries.size(); i++) {
            int entered = place.enter(i);
            if (entries.get(i) instanceof List<?> pair && pair.size() == 2) {
                put(result, Readers.inside(readers.of(key), pair.get(0), place, place.enter(0)), pair.get(1), place, place.enter(1));
            } else {
                place.problem("an entry is written as [key, value]");
            }
            place.leave(entered);
        }
        place.leave(inside);
    }

    private void put(Map<Object, Object> result, Object readKey, Object item, Place place, int entered) {
        int faults = place.problems().size();
        Object readValue = Readers.inside(readers.of(value), item, place, entered);
        if (place.problems().size() > faults) {
            return;
        }
        try {
            if (place.problems().isEmpty() && result.containsKey(readKey)) { // as 1 and 1e0: one value would be lost
                place.problem("the key " + Show.json(readKey) + " stands twice");
                return;
            }
            result.put(readKey, readValue);
        } catch (NullPointerException | ClassCastException refused) {
            place.problem(type.getName() + " refuses the key " + Show.json(readKey) + " or its value");
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private Map<Object, Object> empty(Object named) {
        if (named instanceof String name && Generics.raw(readers.chosen(name)) != Object.class) {
            Class<?> chosen = Generics.raw(readers.chosen(name));
            if (!type.isAssignableFrom(chosen)) {
                throw new BadValue(name + " is no " + type.getName());
            }
            return (Map<Object, Object>) Instances.create(chosen);
        }
        if (type == EnumMap.class) {
            return new EnumMap(Generics.raw(key));
        }
        if (!type.isInterface() && !Modifier.isAbstract(type.getModifiers())) {
            return (Map<Object, Object>) Instances.create(type);
        }
        Map<Object, Object> usual = ConcurrentMap.class.isAssignableFrom(type)
            ? type == ConcurrentMap.class ? new ConcurrentHashMap<>() : new ConcurrentSkipListMap<>()
            : SortedMap.class.isAssignableFrom(type) ? new TreeMap<>() : new LinkedHashMap<>();
        if (!type.isInstance(usual)) {
            throw new BadValue("no way to make a " + type.getName());
        }
        return usual;
    }
}
