package io.dubboworkbench.bridge.bind;

import io.dubboworkbench.bridge.Notes;
import io.dubboworkbench.bridge.json.JsonParser;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Turns the JSON array of a request into the arguments of a method, or says all that is wrong with it at once. */
public final class Binder {
    private final Readers readers;

    public Binder(ClassLoader loader) {
        this.readers = new Readers(loader, null);
    }

    /** For generic calls: classes that are not the JDK's become maps. */
    public Binder(Declarations declarations) {
        this.readers = new Readers(Binder.class.getClassLoader(), declarations);
    }

    /**
     * @param types resolved parameter types
     * @throws BindingException with one line a problem
     * @throws io.dubboworkbench.bridge.json.JsonException when the text is no JSON
     */
    public Object[] arguments(String json, List<Type> types) {
        return arguments(json, types, new Notes());
    }

    /** The same; what will not arrive as it is written, which concerns generic calls only, is told to the notes. */
    public Object[] arguments(String json, List<Type> types, Notes notes) {
        Object parsed = JsonParser.parse(json);
        if (!(parsed instanceof List<?> values) || values.size() != types.size()) {
            int given = parsed instanceof List<?> list ? list.size() : -1;
            throw new BindingException(List.of("request: expected an array of " + types.size() + " argument(s), got " + (given < 0 ? Show.json(parsed) : given)));
        }
        return read(json, values, types, notes).toArray();
    }

    /** Arguments of a method whose parameters nobody here knows: as they are written. */
    public Object[] untyped(String json) {
        if (JsonParser.parse(json) instanceof List<?> values) {
            return read(json, values, Collections.nCopies(values.size(), Object.class), new Notes()).toArray();
        }
        throw new BindingException(List.of("request: expected the array of arguments"));
    }

    /** The messages of a stream, all of one type; throws as {@link #arguments} does. Dubbo opens no stream before a first message. */
    public List<Object> messages(String json, Type type) {
        if (JsonParser.parse(json) instanceof List<?> values && !values.isEmpty()) {
            return read(json, values, Collections.nCopies(values.size(), type), new Notes());
        }
        throw new BindingException(List.of("request: expected the list of messages to send, at least one"));
    }

    private List<Object> read(String json, List<?> values, List<Type> types, Notes notes) {
        Place place = new Place(json.contains("\"$ref\""), notes);
        List<Object> result = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            result.add(Readers.inside(readers.of(types.get(i)), values.get(i), place, place.enter(i)));
        }
        if (!place.problems().isEmpty()) {
            throw new BindingException(place.problems());
        }
        return result;
    }
}
