package io.dubboworkbench.launch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Command-line options of the form {@code --name value}. Each program states what it takes and the default of each;
 * anything else is refused, so that a misspelt option never passes silently.
 */
public final class Options {
    private final Map<String, String> values;

    private Options(Map<String, String> values) {
        this.values = values;
    }

    /** @throws UsageException if a name is unknown or its value is missing */
    public static Options parse(String[] arguments, Map<String, String> defaults) {
        Map<String, String> values = new LinkedHashMap<>(defaults);
        for (int at = 0; at < arguments.length; at += 2) {
            String name = arguments[at].startsWith("--") ? arguments[at].substring(2) : "";
            if (!defaults.containsKey(name)) {
                throw new UsageException("unknown option " + arguments[at] + "; known: --" + String.join(" --", defaults.keySet()));
            }
            if (at + 1 == arguments.length) {
                throw new UsageException("option --" + name + " needs a value");
            }
            values.put(name, arguments[at + 1]);
        }
        return new Options(values);
    }

    /**
     * Several things of one kind on one command line, parted by {@code --and}. What is shared is said once, with the first.
     *
     * @throws UsageException as {@link #parse} does
     */
    public static List<Options> parseAll(String[] arguments, Map<String, String> defaults, List<String> shared) {
        List<Options> all = new ArrayList<>();
        Map<String, String> base = new LinkedHashMap<>(defaults);
        int from = 0;
        for (int at = 0; at <= arguments.length; at++) {
            if (at == arguments.length || arguments[at].equals("--and")) {
                Options options = parse(Arrays.copyOfRange(arguments, from, at), base);
                if (all.isEmpty()) {
                    shared.forEach(name -> base.put(name, options.text(name)));
                }
                all.add(options);
                from = at + 1;
            }
        }
        return all;
    }

    /** The value, or an empty string. */
    public String text(String name) {
        return values.get(name);
    }

    public boolean has(String name) {
        return !text(name).isEmpty();
    }

    public long number(String name, long lowest, long highest) {
        long value;
        try {
            value = Long.parseLong(text(name));
        } catch (NumberFormatException notANumber) {
            throw new UsageException("--" + name + " must be a whole number, not " + text(name));
        }
        if (value < lowest || value > highest) {
            throw new UsageException("--" + name + " must be from " + lowest + " to " + highest + ", not " + value);
        }
        return value;
    }

    /** A number from 0 to the highest, perhaps with a fraction. */
    public double decimal(String name, int highest) {
        double value;
        try {
            value = Double.parseDouble(text(name));
        } catch (NumberFormatException notANumber) {
            throw new UsageException("--" + name + " must be a number, not " + text(name));
        }
        if (!(value >= 0 && value <= highest)) {
            throw new UsageException("--" + name + " must be from 0 to " + highest + ", not " + text(name));
        }
        return value;
    }

    /** One of the given words. */
    public String choice(String name, String... allowed) {
        for (String word : allowed) {
            if (word.equals(text(name))) {
                return word;
            }
        }
        throw new UsageException("--" + name + " must be one of " + String.join(", ", allowed) + ", not " + text(name));
    }
}
