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
    private static final Pattern NAME = Pattern.compile("(?:[\\w$]+\\.)*[\\w$]+");
    private static final Pattern CAUSE = Pattern.compile("^Caused by: ((?:[\\w$]+\\.)*[\\w$]+)(?::[ \\t]?(.*?))?\\r?\\n\\s+(?:at|\\.\\.\\.) ", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern DUBBOS = Pattern.compile("^\\s+at (?:[\\w.$-]+/+)*((?:org\\.apache|com\\.alibaba)\\.dubbo\\.[\\w.$]+)", Pattern.MULTILINE);

    /** One of the `Caused by` lines. */
    public record Cause(String className, String message) {}

    /** Null when the text is no stack trace. */
    public static Trace of(String text) {
        if (text == null) {
            return null;
        }
        int end = title(text);
        String trace = text.substring(end + 1);
        Matcher found = STACK.matcher(trace);
        if (!found.matches()) {
            return null;
        }
        String name = found.group(1);
        boolean told = end > name.length() && text.startsWith(name + ": "); // then all of the message is known, also frames in it
        return new Trace(name, told ? text.substring(name.length() + 2, end) : found.group(2), trace);
    }

    /** One whose message is known, so that it may have lines in it as a trace has; null when the text is no such trace. */
    public static Trace of(String text, String message) {
        int name = text.indexOf(": " + message + "\n\tat ");
        return name < 0 || !NAME.matcher(text.substring(0, name)).matches() ? null : new Trace(text.substring(0, name), message, text);
    }

    /** The chain of causes, outermost first. */
    public List<Cause> causes(int most) {
        List<Cause> causes = new ArrayList<>();
        Matcher cause = CAUSE.matcher(text); // from behind the message, which may speak of causes too
        cause.region(message == null ? 0 : text.indexOf(message) + message.length(), text.length());
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

    /** Where the `class: message` ends that Dubbo puts before a trace, which begins with the same; -1 when it did not. */
    private static int title(String text) {
        for (int end = text.indexOf('\n'); end > 0 && 2 * end + 1 < text.length(); end = text.indexOf('\n', end + 1)) {
            if (text.regionMatches(0, text, end + 1, end) && text.startsWith("\n\tat ", 2 * end + 1)) {
                return end;
            }
        }
        return -1;
    }
}
