package io.dubboworkbench.launch;

import java.util.List;
import java.util.stream.Collectors;

/** Runs the body of a main method so that every end has an exit code and a readable last line. */
public final class Program {
    /** The command line is wrong (EX_USAGE). */
    public static final int USAGE = 64;
    /** Worth another try, as when somebody else took the port in between (EX_TEMPFAIL). */
    public static final int TRY_AGAIN = 75;

    private Program() {}

    /** What a program does; it returns when it has started, its threads keep the JVM alive. */
    public interface Body {
        void run() throws Exception;
    }

    public static void run(Body body) {
        try {
            body.run();
        } catch (UsageException wrong) {
            System.err.println("FAILED " + wrong.getMessage());
            System.exit(USAGE);
        } catch (Throwable failure) { // an Error too: threads that run already would keep a broken JVM alive
            failure.printStackTrace();
            System.err.println("FAILED " + rootCause(failure));
            System.exit(isPortTaken(failure) ? TRY_AGAIN : 1);
        }
    }

    private static Throwable rootCause(Throwable failure) {
        return failure.getCause() == null ? failure : rootCause(failure.getCause());
    }

    private static boolean isPortTaken(Throwable failure) {
        return rootCause(failure) instanceof java.net.BindException;
    }

    /** The one line that a starter waits for. Values are numbers or plain words, so no escaping is needed but that of quotes. */
    public static void ready(String service, long port, String address) {
        ready(service, port, List.of(address));
    }

    /** @param addresses all that it listens to; the first is the one that counts */
    public static void ready(String service, long port, List<String> addresses) {
        String all = addresses.stream().map(address -> '"' + address + '"').collect(Collectors.joining(","));
        System.out.printf("READY {\"service\":\"%s\",\"port\":%d,\"pid\":%d,\"address\":\"%s\",\"addresses\":[%s]}%n",
            service, port, ProcessHandle.current().pid(), addresses.get(0), all);
        System.out.flush();
    }
}
