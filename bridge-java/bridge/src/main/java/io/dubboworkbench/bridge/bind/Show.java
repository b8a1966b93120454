package io.dubboworkbench.bridge.bind;

import io.dubboworkbench.bridge.json.JsonText;
import java.util.List;
import java.util.Map;

/** A JSON value as an error message shows it: whole when short, by its kind when long. */
final class Show {
    private static final int WIDTH = 60;

    private Show() {}

    static String json(Object json) {
        if (json instanceof Map<?, ?> object) {
            return object.isEmpty() ? "{}" : "an object with " + String.join(", ", object.keySet().stream().map(String::valueOf).limit(5).toList());
        }
        if (json instanceof List<?> array) {
            return "an array of " + array.size();
        }
        String text = json instanceof String given ? JsonText.lenient(new StringBuilder(), given).toString() : String.valueOf(json);
        return text.length() <= WIDTH ? text : text.substring(0, WIDTH) + "… (+" + (text.length() - WIDTH) + ")";
    }
}
