package io.dubboworkbench.bridge.bind;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where in a request the binder stands, what it found wrong so far, and the objects that a {"$ref"} may name. */
public final class Place {
    private static final int MAX_PROBLEMS = 100;

    private final StringBuilder path = new StringBuilder("$");
    private final List<String> problems = new ArrayList<>();
    private final Map<String, Object> objects;

    /** @param references whether the text holds a "$ref" at all; if not, no object is remembered */
    public Place(boolean references) {
        objects = references ? new HashMap<>() : null;
    }

    /** @return what {@link #leave} needs */
    int enter(String key) {
        int length = path.length();
        path.append('.').append(key);
        return length;
    }

    int enter(int index) {
        int length = path.length();
        path.append('[').append(index).append(']');
        return length;
    }

    void leave(int length) {
        path.setLength(length);
    }

    void problem(String message) {
        if (problems.size() < MAX_PROBLEMS) {
            problems.add("request" + path.substring(1) + ": " + message);
        }
    }

    /** A problem of the element at an index of where we stand. */
    void problemAt(int index, String message) {
        int entered = enter(index);
        problem(message);
        leave(entered);
    }

    void remember(Object object) {
        if (objects != null) {
            objects.put(path.toString(), object);
        }
    }

    Object recall(String wanted) {
        Object found = objects == null ? null : objects.get(wanted);
        if (found == null) {
            throw new BadValue("$ref names " + wanted + ", where no object stands before this one");
        }
        return found;
    }

    public List<String> problems() {
        return problems;
    }
}
