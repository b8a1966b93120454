package io.dubboworkbench.bridge.bind;

import io.dubboworkbench.bridge.Notes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where in a request the binder stands, what it found wrong so far, and the objects that a {"$ref"} may name. */
public final class Place {
    private static final int MAX_PROBLEMS = 100;

    /** Keys and indexes from the request down to here; they become a path only when somebody asks for one. */
    private Object[] steps = new Object[16];
    private int depth;
    private final List<String> problems = new ArrayList<>();
    private final Map<String, Object> objects;
    private final Notes notes;
    private Within within;

    /** An object whose fields are being read, and the one around it. */
    private record Within(Object object, Within around) {}

    /**
     * @param references whether the text holds a "$ref" at all; if not, no object is remembered
     * @param notes where to tell what changes on its way
     */
    Place(boolean references, Notes notes) {
        this.notes = notes;
        objects = references ? new HashMap<>() : null;
    }

    /** @return what {@link #leave} needs */
    int enter(String key) {
        return step(key);
    }

    int enter(int index) {
        return step(index);
    }

    private int step(Object step) {
        if (depth == steps.length) {
            steps = Arrays.copyOf(steps, 2 * depth);
        }
        steps[depth] = step;
        return depth++;
    }

    void leave(int entered) {
        depth = entered;
    }

    private String path(String root) {
        StringBuilder path = new StringBuilder(root);
        for (int i = 0; i < depth; i++) {
            if (steps[i] instanceof Integer index) {
                path.append('[').append(index.intValue()).append(']');
            } else {
                path.append('.').append(steps[i]);
            }
        }
        return path.toString();
    }

    void problem(String message) {
        if (problems.size() < MAX_PROBLEMS) {
            problems.add(path("request") + ": " + message);
        }
    }

    /** What stands here will not arrive as it is written. */
    void note(String what) {
        notes.add(what, path("request"));
    }

    /** A problem of the element at an index of where we stand. */
    void problemAt(int index, String message) {
        int entered = enter(index);
        problem(message);
        leave(entered);
    }

    /** @return what {@link #backTo} needs */
    Object within(Object object) {
        Within before = within;
        within = new Within(object, before);
        return before;
    }

    void backTo(Object before) {
        within = (Within) before;
    }

    /** The nearest object around of exactly this class or a subclass of it; null when there is none. */
    Object around(Class<?> type) {
        Within at = within;
        while (at != null && !type.isInstance(at.object())) {
            at = at.around();
        }
        return at == null ? null : at.object();
    }

    void remember(Object object) {
        if (objects != null) {
            objects.put(path("$"), object);
        }
    }

    /** The object that a `{"$ref": path}` names, which has to be of the type; null when the JSON is no such object. */
    Object referred(Object json, Class<?> type) {
        boolean refers = json instanceof Map<?, ?> object && object.size() == 1 && object.get("$ref") instanceof String;
        return refers ? recall((String) ((Map<?, ?>) json).get("$ref"), type) : null;
    }

    private Object recall(String wanted, Class<?> type) {
        Object found = objects == null ? null : objects.get(wanted);
        if (found == null) {
            throw new BadValue("$ref names " + wanted + ", where no object stands before this one");
        }
        if (!type.isInstance(found)) {
            throw new BadValue("$ref names a " + found.getClass().getTypeName() + ", which is no " + type.getTypeName());
        }
        return found;
    }

    public List<String> problems() {
        return problems;
    }
}
