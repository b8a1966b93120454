package com.example.util;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Lines for a log. The static methods print and answer the line; an instance collects lines under a name. */
public class LogUtil {
    private final String name;
    private final List<String> lines = new ArrayList<>();

    public LogUtil() {
        this("log");
    }

    public LogUtil(String name) {
        this.name = name;
    }

    /** Prints a line and answers it. */
    public static String print(String text) {
        return print("INFO", text);
    }

    public static String print(String level, String text) {
        String line = "[" + level + "] " + text;
        System.out.println(line);
        return line;
    }

    /** Puts the arguments where {@code {}} stands, in order; what is too many is left out. */
    public static String format(String template, Object... arguments) {
        StringBuilder line = new StringBuilder();
        int from = 0;
        for (Object argument : arguments) {
            int at = template.indexOf("{}", from);
            if (at < 0) {
                break;
            }
            line.append(template, from, at).append(argument);
            from = at + 2;
        }
        return line.append(template.substring(from)).toString();
    }

    /** Keeps a line; answers how many there are now. */
    public int add(String text) {
        lines.add(name + ": " + text);
        return lines.size();
    }

    public List<String> lines() {
        return Collections.unmodifiableList(lines);
    }
}
