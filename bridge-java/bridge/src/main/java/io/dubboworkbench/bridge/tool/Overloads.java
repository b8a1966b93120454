package io.dubboworkbench.bridge.tool;

import io.dubboworkbench.bridge.FailedException;
import io.dubboworkbench.bridge.bind.BindingException;
import io.dubboworkbench.bridge.bind.Generics;
import io.dubboworkbench.bridge.bind.Near;
import io.dubboworkbench.bridge.json.JsonParser;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Which method of a class is meant: by parameter types when they are given, else by number and kind of the arguments. */
final class Overloads {
    private Overloads() {}

    /** A method and the arguments for it. */
    record Choice(Method method, Object[] arguments) {}

    /** @throws FailedException when none fits or several fit equally well; it lists what there is */
    static Choice choose(Class<?> type, String name, List<String> erased, String json, Library library) {
        List<Method> named = Arrays.stream(type.getMethods()).filter(method -> method.getName().equals(name) && !method.isBridge()).toList();
        if (named.isEmpty()) {
            String near = Near.name(name, Arrays.stream(type.getMethods()).map(Method::getName).toList());
            throw new FailedException("TOOL", type.getName() + " has no public method " + name, near == null ? "" : "did you mean " + near + "?");
        }
        if (erased != null) {
            Method exact = named.stream().filter(method -> types(method).equals(erased)).findFirst()
                .orElseThrow(() -> new FailedException("TOOL", type.getName() + " has no " + name + "(" + String.join(",", erased) + ")", "it has " + shown(named)));
            return new Choice(exact, bind(exact, json, library));
        }
        return named.size() == 1 ? new Choice(named.get(0), bind(named.get(0), json, library)) : fitting(type, named, json, library);
    }

    private static Choice fitting(Class<?> type, List<Method> named, String json, Library library) {
        List<Choice> best = new ArrayList<>();
        int least = Integer.MAX_VALUE;
        List<?> given = (List<?>) JsonParser.parse(json);
        for (Method method : named) {
            int distance = distance(method, given);
            if (distance > least || method.isVarArgs() && method.getParameterCount() != given.size()) {
                continue;
            }
            try {
                Choice choice = new Choice(method, bind(method, json, library));
                if (distance < least) {
                    best.clear();
                }
                least = distance;
                best.add(choice);
            } catch (BindingException doesNotFit) {
                continue; // then it is not the one that is meant
            }
        }
        if (best.size() == 1) {
            return best.get(0);
        }
        String what = best.isEmpty() ? "no overload of " + named.get(0).getName() + " takes these arguments" : "several overloads take these arguments";
        throw new FailedException("TOOL", type.getName() + ": " + what, "write the parameter types of one of them: " + shown(named));
    }

    /** How far the arguments are from the parameter types: 0 when text meets String and number meets a number. */
    private static int distance(Method method, List<?> given) {
        Class<?>[] types = method.getParameterTypes();
        int distance = types.length == given.size() ? 0 : 100;
        for (int i = 0; i < Math.min(types.length, given.size()); i++) {
            boolean number = given.get(i) instanceof Number;
            boolean wantsNumber = Number.class.isAssignableFrom(types[i]) || types[i].isPrimitive() && types[i] != boolean.class && types[i] != char.class;
            boolean wantsText = CharSequence.class.isAssignableFrom(types[i]);
            boolean kin = number && wantsNumber || given.get(i) instanceof String && wantsText || !number && !(given.get(i) instanceof String);
            distance += kin ? 0 : types[i] == Object.class ? 2 : 1;
        }
        return distance;
    }

    private static Object[] bind(Method method, String json, Library library) {
        List<Type> types = Arrays.stream(method.getGenericParameterTypes()).map(type -> Generics.resolve(type, Map.of())).toList();
        return library.binder.arguments(method.isVarArgs() ? gathered(json, types.size()) : json, types);
    }

    /** `["x {} {}", 1, 2]` for (String, Object...) means `["x {} {}", [1, 2]]`. */
    private static String gathered(String json, int parameters) {
        JsonParser parser = new JsonParser(json);
        List<String> items = new ArrayList<>();
        boolean lastIsArray = false;
        parser.expect('[');
        while (parser.peek() != ']') {
            lastIsArray = parser.peek() == '[';
            int[] item = parser.skip();
            items.add(json.substring(item[0], item[1]));
            parser.take(',');
        }
        if (items.size() == parameters && lastIsArray || items.size() < parameters - 1) {
            return json;
        }
        String rest = "[" + String.join(",", items.subList(parameters - 1, items.size())) + "]";
        List<String> all = new ArrayList<>(items.subList(0, parameters - 1));
        all.add(rest);
        return "[" + String.join(",", all) + "]";
    }

    private static String shown(List<Method> methods) {
        return methods.stream().map(method -> (Modifier.isStatic(method.getModifiers()) ? "static " : "") + method.getName() + "(" + String.join(",", types(method)) + ")")
            .sorted().collect(Collectors.joining("; "));
    }

    private static List<String> types(Method method) {
        return Arrays.stream(method.getParameterTypes()).map(Class::getTypeName).toList();
    }
}
