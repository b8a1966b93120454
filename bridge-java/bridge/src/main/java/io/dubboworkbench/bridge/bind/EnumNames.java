package io.dubboworkbench.bridge.bind;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** Enum constants by name, as text or as {"name": …}; never by number. */
final class EnumNames {
    private static final int SHOWN = 20;

    private EnumNames() {}

    static Object constant(Class<?> type, Object json) {
        Object name = json instanceof Map<?, ?> object && object.size() == 1 ? object.get("name") : json;
        Object[] constants = type.getEnumConstants();
        for (Object constant : constants) {
            if (((Enum<?>) constant).name().equals(name)) {
                return constant;
            }
        }
        String known = Arrays.stream(constants).limit(SHOWN).map(constant -> ((Enum<?>) constant).name()).collect(Collectors.joining(", "));
        throw new BadValue(type.getName() + " has no constant " + Show.json(name) + "; it has " + known + (constants.length > SHOWN ? ", …" : ""));
    }
}
