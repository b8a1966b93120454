package io.dubboworkbench.bridge.write;

import io.dubboworkbench.bridge.Notes;
import io.dubboworkbench.bridge.json.JsonException;
import java.util.Arrays;

/** JSON text in the making: where the writer stands, and which objects it is inside of. */
final class Out {
    private static final int MAX_DEPTH = 400;
    private static final int MAX_LENGTH = 64 << 20;

    final StringBuilder text;
    /** Whether values come from a generic call, whose maps carry the class they were made of. */
    final boolean generic;
    private final Notes notes;
    private final StringBuilder path = new StringBuilder("$");
    private Object[] ancestors = new Object[16];
    private int[] lengths = new int[16];
    private int depth;

    Out(StringBuilder text, boolean generic, Notes notes) {
        this.text = text;
        this.generic = generic;
        this.notes = notes;
    }

    /** What stands here is not what the provider has. */
    void note(String what) {
        if (notes != null) {
            notes.add(what, place());
        }
    }

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

    String place() {
        return "response" + path.substring(1);
    }

    /** @return false when we are inside of this very object already; then a reference to it has been written */
    boolean open(Object object) {
        for (int i = depth - 1; i >= 0; i--) {
            if (ancestors[i] == object) {
                text.append("{\"$ref\":\"").append(path, 0, lengths[i]).append("\"}");
                return false;
            }
        }
        if (depth == MAX_DEPTH || text.length() > MAX_LENGTH) {
            throw new JsonException(place() + ": the answer is " + (depth == MAX_DEPTH ? "nested deeper than " + MAX_DEPTH : "longer than 64 MB"));
        }
        if (depth == ancestors.length) {
            ancestors = Arrays.copyOf(ancestors, depth * 2);
            lengths = Arrays.copyOf(lengths, depth * 2);
        }
        ancestors[depth] = object;
        lengths[depth++] = path.length();
        return true;
    }

    void close() {
        ancestors[--depth] = null;
    }
}
