package io.dubboworkbench.bridge.tool;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * What tools log with java.util.logging, in the thread that logs it. The JDK's ConsoleHandler writes and flushes in two
 * steps, so under load one thread's record leaves in another thread: in the log of another tool.
 */
final class Records extends Handler {
    private final SimpleFormatter formatter = new SimpleFormatter();

    /** Instead of the root logger's own handlers, which must exist first: the JDK adds them when it is first asked. */
    static void install() {
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        root.addHandler(new Records());
    }

    @Override
    public void publish(LogRecord entry) {
        if (isLoggable(entry)) {
            String text = entry.getLoggerName() + ": " + formatter.formatMessage(entry) + trace(entry.getThrown());
            if (!Capture.log(level(entry.getLevel()), text)) {
                System.err.println(text);
            }
        }
    }

    private static String level(Level level) {
        if (level.intValue() >= Level.SEVERE.intValue()) {
            return "ERROR";
        }
        if (level.intValue() >= Level.WARNING.intValue()) {
            return "WARN";
        }
        return level.intValue() >= Level.INFO.intValue() ? "INFO" : "DEBUG";
    }

    private static String trace(Throwable thrown) {
        if (thrown == null) {
            return "";
        }
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return "\n" + text;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
