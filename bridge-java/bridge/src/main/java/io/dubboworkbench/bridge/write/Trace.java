package io.dubboworkbench.bridge.write;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stack trace that came as text, with what it says of the exception. Dubbo sends one in place of an exception whose
 * class the interface's jar has not, and of one that a provider's filter threw.
 *
 * @param message null when it had none
 */
public record Trace(String className, String message, String text) {
    private static final Pattern STACK = Pattern.compile("\\A((?:[\\w$]+\\.)*[\\w$]+)(?::[ \\t]?(.*?))?\\r?\\n\\s+at [\\w$.]+.*\\z", Pattern.DOTALL);
    private static final Pattern CAUSE = Pattern.compile("^Caused by: ((?:[\\w$]+\\.)*[\\w$]+)(?::[ \\t]?(.*?))?\\r?\\n\\s+(?:at|\\.\\.\\.) ", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern DUBBOS = Pattern.compile("^\\s+at (?:[\\w.$-]+/+)*((?:org\\.apache|com\\.alibaba)\\.dubbo\\.[\\w.$]+)", Pattern.MULTILINE);

    /** One of the `Caused by` lines. */
    public record Cause(String className, String message) {}

    /** Null when the text is no stack trace. */
    public static Trace of(String text) {
        if (text == null) {
            return null;
        }
        String trace = withoutTitle(text);
        Matcher found = STACK.matcher(trace);
        return found.matches() ? new Trace(found.group(1), found.group(2), trace) : null;
    }

    /** The chain of causes, outermost first. */
    public List<Cause> causes(int most) {
        List<Cause> causes = new ArrayList<>();
        Matcher cause = CAUSE.matcher(text);
        while (cause.find() && causes.size() < most) {
            causes.add(new Cause(cause.group(1), cause.group(2)));
        }
        return causes;
    }

    /** The topmost frame that is Dubbo's own, as `org.apache.dubbo.rpc.filter.TokenFilter.invoke`; empty when there is none. */
    public String dubboFrame() {
        Matcher frame = DUBBOS.matcher(text);
        return frame.find() ? frame.group(1) : "";
    }

    public String title() {
        return message == null || message.isEmpty() ? className : className + ": " + message;
    }

    /** Dubbo puts `class: message` before the trace, which begins with the same. */
    private static String withoutTitle(String text) {
        int frames = text.indexOf("\n\tat ");
        int half = (frames - 1) / 2;
        boolean twice = frames > 2 && frames % 2 == 1 && text.charAt(half) == '\n' && text.regionMatches(0, text, half + 1, half);
        return twice ? text.substring(half + 1) : text;
    }
}
