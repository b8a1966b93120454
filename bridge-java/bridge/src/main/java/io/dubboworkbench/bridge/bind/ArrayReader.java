package io.dubboworkbench.bridge.bind;

import java.lang.reflect.Array;
import java.lang.reflect.Type;
import java.util.List;

/** Arrays, of primitives too. */
record ArrayReader(Readers readers, Type component) implements Reader {
    @Override
    public Object read(Object json, Place place) {
        Class<?> raw = Generics.raw(component);
        Object referred = place.referred(json, raw.arrayType());
        if (referred != null) {
            return referred;
        }
        List<?> items = Readers.array(json, raw.arrayType());
        Object result = Array.newInstance(raw, items.size());
        place.remember(result);
        Reader reader = readers.of(component);
        for (int i = 0; i < items.size(); i++) {
            Object item = Readers.inside(reader, items.get(i), place, place.enter(i));
            if (item != null) {
                Array.set(result, i, item);
            }
        }
        return result;
    }
}
