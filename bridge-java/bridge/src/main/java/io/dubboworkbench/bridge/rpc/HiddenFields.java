package io.dubboworkbench.bridge.rpc;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds fields of one name on three levels of a class and its superclasses, in what a method takes and gives. Hessian writes
 * all of them, and whoever reads keeps the value of a hidden one (tried with hessian-lite 4.0.4; of two it keeps the visible one).
 */
final class HiddenFields {
    private static final int LEVELS = 3;

    private HiddenFields() {}

    static Optional<String> warning(Definition definition, Method method) {
        if (!definition.serialization().isEmpty() && !definition.serialization().equals("hessian2")) {
            return Optional.empty();
        }
        List<Type> types = new ArrayList<>(List.of(method.getGenericParameterTypes()));
        types.add(method.getGenericReturnType());
        return Reachable.from(types).stream().map(HiddenFields::found).filter(text -> text != null).findFirst();
    }

    private static String found(Class<?> type) {
        Map<String, List<String>> owners = new LinkedHashMap<>();
        for (Class<?> at = type; at != null && !at.getName().startsWith("java."); at = at.getSuperclass()) {
            for (Field field : at.getDeclaredFields()) {
                if ((field.getModifiers() & (Modifier.STATIC | Modifier.TRANSIENT)) == 0 && !field.isSynthetic()) {
                    owners.computeIfAbsent(field.getName(), name -> new ArrayList<>()).add(at.getName());
                }
            }
        }
        owners.values().removeIf(each -> each.size() < LEVELS);
        if (owners.isEmpty()) {
            return null;
        }
        String field = owners.keySet().iterator().next();
        List<String> hidden = owners.get(field);
        return hidden.get(0) + " has a field " + field + " that hides those of " + String.join(" and ", hidden.subList(1, hidden.size()))
            + ": with hessian2 its value is lost on the way, for every consumer; give the fields names of their own";
    }
}
