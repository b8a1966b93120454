package io.dubboworkbench.bridge.bind;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A declared Object: `$class` names what is meant, with `$value` where that is no object; else maps, lists, texts, Integer or Long, BigDecimal. */
record AnyReader(Readers readers) implements Reader {
    @Override
    public Object read(Object json, Place place) {
        if (json instanceof List<?> array) {
            return list(array, place);
        }
        if (json instanceof Map<?, ?> object) {
            return map(object, place);
        }
        return Scalars.narrow(json);
    }

    private Object list(List<?> array, Place place) {
        List<Object> result = new ArrayList<>(array.size());
        place.remember(result);
        for (int i = 0; i < array.size(); i++) {
            result.add(Readers.inside(readers.of(Object.class), array.get(i), place, place.enter(i)));
        }
        return result;
    }

    private Object map(Map<?, ?> object, Place place) {
        Object referred = place.referred(object, Object.class);
        if (referred != null) {
            return referred;
        }
        if (Readers.isStated(object)) {
            return readers.stated(object, Object.class, place);
        }
        if (object.get("$class") instanceof String name) {
            return readers.of(type(name)).read(object, place);
        }
        if (object.containsKey("$entries") && object.size() == 1) {
            return readers.of(Map.class).read(object, place);
        }
        Map<Object, Object> result = new LinkedHashMap<>();
        place.remember(result);
        object.forEach((key, value) -> {
            int entered = place.enter((String) key);
            if (Marks.is((String) key)) {
                place.problem(Marks.misplaced((String) key));
            }
            result.put(Marks.name((String) key), Readers.inside(readers.of(Object.class), value, place, entered));
        });
        return result;
    }

    /** In generic calls a class of the JDK that has no form of its own is the provider's to make, as those of the API are. */
    private Type type(String name) {
        Type type = readers.chosen(name);
        if (type != Object.class) {
            return type;
        }
        if (readers.declarations() == null) {
            throw new BadValue("java.lang.Object is no class that \"$class\" could choose");
        }
        return new Declared(name, false);
    }
}
