package io.dubboworkbench.bridge.bind;

import java.lang.reflect.Type;
import java.util.Map;

/**
 * A plain value of the JDK's whose class others extend or implement, as Number, CharSequence, BigDecimal and Date:
 * `$class` says which is meant, with `$value` where that is a plain one, too.
 */
record ExtensibleReader(Readers readers, Class<?> type, Reader plain) implements Reader {
    @Override
    public Object read(Object json, Place place) {
        if (!(json instanceof Map<?, ?> object) || !(object.get("$class") instanceof String name)) {
            return plain.read(json, place);
        }
        if (Readers.isStated(object)) {
            return readers.stated(object, type, place);
        }
        if (name.equals(type.getName())) {
            return plain.read(json, place); // says what is wrong
        }
        Type chosen = readers.chosen(name);
        if (chosen instanceof Class<?> found && !type.isAssignableFrom(found)) {
            throw new BadValue(name + " is no " + type.getName());
        }
        return readers.of(chosen).read(object, place);
    }
}
