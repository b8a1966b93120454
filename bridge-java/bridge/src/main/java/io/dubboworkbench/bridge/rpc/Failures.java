package io.dubboworkbench.bridge.rpc;

import io.dubboworkbench.bridge.Failure;
import io.dubboworkbench.bridge.write.Trace;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.dubbo.remoting.RemotingException;
import org.apache.dubbo.remoting.TimeoutException;
import org.apache.dubbo.rpc.RpcException;
import org.apache.dubbo.rpc.StatusRpcException;

/** What Dubbo throws → the cause a tester can act on. Dubbo has few codes and many texts, so texts decide often. */
final class Failures {
    private static final Pattern ALLOW_LIST = Pattern.compile("Serialized class ([\\w.$]+) (?:is not in allow list|has not implement Serializable)", Pattern.CASE_INSENSITIVE);
    private static final Pattern NO_METHOD = Pattern.compile("(?:NoSuchMethodException(?!: [\\w.$]+\\.<init>)|Method \\[?\\w+\\]? not found|Not found method|No such method)", Pattern.CASE_INSENSITIVE);

    /** What the provider's GenericFilter says when it cannot turn our maps into its beans. */
    private static final Pattern REALIZE = Pattern.compile("No enum constant|argument type mismatch|Failed to set |Can not set |PojoUtils|GenericFilter|ClassCastException|NumberFormatException|DateTimeParseException|not in allow list", Pattern.CASE_INSENSITIVE);

    private static final Pattern CAST = Pattern.compile("\\Ajava\\.lang\\.ClassCastException: class (\\S+) cannot be cast to class (\\S+) .*", Pattern.DOTALL);
    private static final Pattern UNREADABLE = Pattern.compile("Failed to send response|Fail to decode request|SerializationException|Unknown result flag|Fail to decode response|HessianProtocolException");
    /** What a JDK from 17 on says to libraries that are older: Dubbo before 3 reaches into the JDK's own classes. */
    private static final Pattern CLOSED = Pattern.compile("module (\\S+) does not \"opens (\\S+)\" to");
    private static final String UNREAD_REQUEST = "from no Java consumer: it may have a record in it where the provider is on Dubbo before 3.3, or a class that hessian2 cannot carry; the provider's log names it";
    private static final String UNSENT = "Failed to send response: ";
    private static final String BECAUSE = "], cause: ";
    /** What a provider on tri before 3.3 says of a request, in a second line: the first says "Server error". */
    private static final Pattern HESSIAN = Pattern.compile("\\AUNKNOWN : Server error\\s+com\\.alibaba\\.com\\.caucho\\.hessian\\.io\\.Hessian\\w*Exception: (.*)");
    /** What it says of a method that threw no Exception. */
    private static final Pattern ERROR = Pattern.compile("\\AUNKNOWN : class (\\S+) cannot be cast to class java\\.lang\\.Exception ");
    private static final Pattern UNREAD = Pattern.compile("Unexpected serialization type:(\\w+) received from network");
    /** fastjson2's ObjectReaderException. */
    private static final Pattern UNMADE = Pattern.compile("JSONException: not support : ([\\w.$]+)");
    private static final String MORE_THAN_FASTJSON2 = "hessian2 carries much that fastjson2 does not: set serialization: hessian2, where the provider offers it";
    private static final Pattern TOO_LARGE = Pattern.compile("Data length too large: (\\d+), max payload: (\\d+)");
    private static final Pattern FILTER = Pattern.compile("\\.filter\\.|FilterChainBuilder|ProtocolFilterWrapper");

    /** How providers on tri say it: 3.2 twice, 3.3 once, dubbo-python once. */
    private static final Pattern NO_PATH = Pattern.compile("UNIMPLEMENTED : (?:Service not found:|Bad path format:|Invoker for gRPC not found|Service \\S+ is not found)");
    private static final String UNDECODED = "org.apache.dubbo.remoting.http12.exception.DecodeException";
    private static final String REMOTING = "org.apache.dubbo.remoting.";

    /** Of a provider before it reads a request (WrappedChannelHandler; before 2.7 AllChannelHandler). An answer may hold such words, too. */
    private static final Pattern EXHAUSTED = Pattern.compile("\\AServer side\\([^()]*\\) thread ?pool is exhausted");
    private static final String HUNG_UP = "is inactive. Directly return the unFinished request";
    private static final String HUNG_UP_MESSAGE = "the provider closed the connection before it answered";
    private static final String HUNG_UP_HINT = "it may have been stopped or have crashed: look at its log; whether it did the work is not known";

    /** What Netty says of bytes that it could not hand over any more: no provider reads a part of a request. */
    private static final String UNWRITTEN = "ClosedChannelException";
    private static final Failure UNSENT_REQUEST = Failure.of("NETWORK", "the provider closed the connection before the request was sent", "it may have been stopped or have crashed: look at its log");

    /** TokenFilter, and TokenHeaderFilter of tri. */
    private static final Pattern WRONG_TOKEN = Pattern.compile("Invalid token!|Forbid invoke remote service .* consumer incorrect token is");
    /** Dubbo's own filters that speak of the request to a method that was not called. */
    private static final Pattern TURNED_AWAY = Pattern.compile("(?:org\\.apache|com\\.alibaba)\\.dubbo\\.rpc\\.filter\\.(?:Token|Generic).*");
    private static final Pattern RPC_EXCEPTION = Pattern.compile("\\A(?:org\\.apache|com\\.alibaba)\\.dubbo\\.rpc\\.RpcException\\b");
    private static final String OURS = "io.dubboworkbench.bridge.";

    private Failures() {}

    /**
     * What a filter of the provider threw before or behind the method; null when the failure is another one. Only its
     * trace comes. Dubbo's own filters count too, like limits, but not what they say of the request or the token.
     */
    static Trace thrownByFilter(Throwable failure) {
        Throwable root = failure == null ? null : unwrapped(failure);
        Trace trace = root instanceof RemotingException && !(root instanceof TimeoutException) ? Trace.of(root.getMessage()) : TripleStatus.trace(root);
        boolean filter = trace != null && FILTER.matcher(trace.dubboFrame()).find() && !trace.text().startsWith(REMOTING);
        return !filter || trace.dubboFrame().contains(".GenericFilter.") || WRONG_TOKEN.matcher(trace.text()).find() ? null : trace;
    }

    /** Exceptions of the call itself; what the provider's method threw never comes here. */
    static Failure of(Throwable thrown, Definition definition, long timeoutMs) {
        Throwable root = unwrapped(thrown);
        String text = texts(root);
        return Stream.<Supplier<Failure>>of(
                () -> unchosen(text, definition),
                () -> refused(text),
                () -> unanswered(root, text, definition, timeoutMs),
                () -> emptied(root, text),
                () -> closed(text),
                () -> notThere(root, text, definition),
                () -> complained(root),
                () -> uncarried(root, text, definition),
                () -> nobody(root, text, definition))
            .map(Supplier::get).filter(Objects::nonNull).findFirst().orElseGet(() -> network(root));
    }

    /**
     * What the provider's method threw.
     *
     * @param refusable classes of the request that the provider may have read as something else
     */
    static Failure thrown(String title, List<String> refusable) {
        if (!refusable.isEmpty() && title.startsWith("java.lang.ClassCastException: class java.util.HashMap cannot be cast")) {
            return Failure.of("SERIALIZATION", "the provider refuses " + String.join(", ", refusable) + " in a collection and reads a HashMap: " + first(title), AllowList.hint(refusable));
        }
        return Failure.of("PROVIDER_EXCEPTION", first(title), RPC_EXCEPTION.matcher(title).find()
            ? "thrown by a filter of the provider, or by a call of its own to another service; expected? then assert on exception.class"
            : "expected? then assert on exception.class");
    }

    /**
     * Whether it is an exception of Dubbo's that came as the provider's answer: a filter of its own threw it, or its
     * method, which calls another service. It says nothing of the way to the provider. What was made here has a frame of
     * ours, or is a status.
     */
    static boolean isSent(Throwable thrown) {
        Throwable root = thrown == null ? null : unwrapped(thrown);
        if (!(root instanceof RpcException) || root instanceof StatusRpcException) {
            return false;
        }
        StackTraceElement[] frames = root.getStackTrace();
        return Stream.of(frames).noneMatch(frame -> frame.getClassName().startsWith(OURS))
            && (frames.length == 0 || !TURNED_AWAY.matcher(frames[0].getClassName()).matches());
    }

    /** What a provider says to a generic call without parameter types that it cannot choose a method for; else null. */
    static Failure unchosen(String text, Definition definition) {
        if (definition.erased() != null) {
            return null;
        }
        if (text.contains("Not unique method for method name(")) {
            return Failure.of("NO_METHOD", "the provider has several methods " + definition.title(),
                "write the parameter types of one of them: " + definition.title() + "(java.lang.String,…), or add the API artifact");
        }
        return !text.contains("args.length != types.length") ? null : Failure.of("SERIALIZATION",
            "the provider's method " + definition.title() + " takes another number of arguments", "mend the request, or add the API artifact, which tells what it takes");
    }

    /** What a provider on tri says when it cannot make the arguments of a request; null when that is not what happened. */
    static Failure undecoded(Throwable thrown, String title, List<String> refusable) {
        if (!title.startsWith(UNDECODED)) {
            return null;
        }
        String named = refusable.isEmpty() ? "" : "; it may refuse " + String.join(", ", refusable);
        return Failure.of("SERIALIZATION", "the provider cannot read the request" + named + ": " + first(deepest(thrown).getMessage()),
            refusable.isEmpty() ? "the provider's log names the class" : AllowList.hint(refusable));
    }

    private static Failure refused(String text) {
        Matcher refused = ALLOW_LIST.matcher(text);
        if (!refused.find()) {
            return null;
        }
        String name = refused.group(1);
        String what = text.contains("Failed to send response") || text.contains("Serialize response failed") // tri on 3.2
            ? "the provider cannot send its answer: its own serialization check (STRICT) refuses the class " + name + " in it"
            : "the provider refuses the class " + name + " (serialization check STRICT)";
        return Failure.of("SERIALIZATION", what, AllowList.hint(List.of(name)));
    }

    private static Failure unanswered(Throwable root, String text, Definition definition, long timeoutMs) {
        if (root instanceof TimeoutException || code(root) == RpcException.TIMEOUT_EXCEPTION || text.contains("TimeoutException: Waiting server-side")) {
            return Failure.of("TIMEOUT", "no answer within " + timeoutMs + " ms from " + definition.title(), "look at the provider's log and load, or raise the step's timeout");
        }
        if (WRONG_TOKEN.matcher(text).find()) {
            String has = !text.contains("incorrect token is") ? "none or another one" : text.contains("token is null") ? "none" : "another one";
            return Failure.of("AUTH", "the provider wants a token, and the call has " + has,
                "call it by its registry, which knows the token, or write it into the step: url: dubbo://HOST:PORT?token=…");
        }
        if (text.contains(Collector.TOO_LONG)) {
            return Failure.of("SERIALIZATION", first(root.getMessage()), "ask for fewer messages");
        }
        if (isExhausted(root)) {
            return Failure.of("NETWORK", "the provider takes no more calls: all of its threads are busy", "lower the concurrency, or raise the provider's threads");
        }
        if (TripleStatus.isReset(root)) {
            return Failure.of("NETWORK", "the provider broke off the call before it answered: " + first(root.getMessage()),
                "over tri Dubbo does so when all of the provider's threads are busy (its log says EXHAUSTED): lower the concurrency, or raise its threads; whether it did the work is not known");
        }
        if (text.contains(UNWRITTEN)) {
            return UNSENT_REQUEST;
        }
        return text.contains(HUNG_UP) || TripleStatus.isHungUp(root) ? Failure.of("NETWORK", HUNG_UP_MESSAGE, HUNG_UP_HINT) : null;
    }

    private static Failure notThere(Throwable root, String text, Definition definition) {
        if (NO_METHOD.matcher(text).find()) {
            return Failure.of("NO_METHOD", "the provider has no " + definition.title() + ": " + first(root.getMessage()),
                "the provider runs another release of the API; compare its version with the artifact's");
        }
        if (text.contains("Fail to decode request due to: RpcInvocation") || text.contains("Not found exported service")) {
            return absent(definition, "");
        }
        return NO_PATH.matcher(text).find() ? absent(definition, "; over tri, services by IDL take typed calls only (add the API artifact), Dubbo before 3.3 answers at no path of its own, and later ones at none without a slash in it: url: tri://HOST:PORT reaches those") : null;
    }

    private static Failure absent(Definition definition, String more) {
        return Failure.of("VERSION_MISMATCH",
            "the provider at " + definition.place() + " does not offer " + definition.interfaceName() + described(definition),
            "the provider is there, but the service is not: check interface, group and version" + more);
    }

    private static Failure closed(String text) {
        Matcher closed = CLOSED.matcher(text);
        boolean carrying = text.contains(UNSENT) || text.contains("Fail to decode request"); // not the generic filter's conversions
        return !carrying || !closed.find() ? null : Failure.of("SERIALIZATION",
            "the provider's JDK keeps " + closed.group(2) + (text.contains(UNSENT)
                ? " closed to its Dubbo, which can therefore not send the answer" : " closed to its Dubbo, which can therefore not read the request"),
            "start the provider with --add-opens " + closed.group(1) + "/" + closed.group(2) + "=ALL-UNNAMED, which Dubbo before 3.3 needs from JDK 17 on");
    }

    /** In their place the JDK puts a java.util.CollSer, of which hessian-lite before 4 writes all but the elements, or fails. */
    private static Failure emptied(Throwable root, String text) {
        boolean empty = String.valueOf(deepest(root).getMessage()).endsWith("null array") || text.contains("java.util.CollSer") || text.contains("java.util.ImmutableCollections$");
        return !empty ? null : Failure.of("SERIALIZATION",
            "the answer has a List.of, Set.of, Map.of or Stream.toList in it, whose elements a provider on Dubbo before 3.3 does not send over hessian2",
            "no Java consumer gets them: let the provider answer an ArrayList, HashSet or HashMap; a generic call (mode: generic) has the elements");
    }

    /** What a provider on tri before 3.3 says in words of its own. */
    private static Failure complained(Throwable root) {
        Matcher error = ERROR.matcher(String.valueOf(root.getMessage()));
        if (error.find()) {
            return Failure.of("PROVIDER_EXCEPTION", error.group(1) + ", which Dubbo before 3.3 does not send over tri", "the provider's log has its message and trace");
        }
        Matcher hessian = HESSIAN.matcher(String.valueOf(root.getMessage()));
        return !hessian.find() ? null : Failure.of("SERIALIZATION", "the provider cannot read the request: " + first(hessian.group(1)), UNREAD_REQUEST);
    }

    private static Failure uncarried(Throwable root, String text, Definition definition) {
        if (TripleStatus.isUncarried(root)) {
            String in = definition.serialization().isEmpty() ? "" : " in serialization " + definition.serialization();
            return Failure.of("SERIALIZATION", "the provider cannot read the request or not send its answer" + in + "; over tri it says no more than: " + first(root.getMessage()),
                "its log names the class, most often an exception that no signature names: add it to " + AllowList.FILE + " in the provider's resources, or set its serialize-check-status to WARN");
        }
        if (TripleStatus.isTooLarge(root)) {
            return Failure.of("SERIALIZATION", "the answer is larger than the provider sends over tri: " + first(root.getMessage()),
                "the method has done its work; the limit is 8 MB unless the provider sets dubbo.protocol.triple.max-response-body-size (bytes)");
        }
        if (text.contains(Collector.class.getName())) {
            return Failure.of("CONFIG", definition.title() + " is a stream, and the provider at " + definition.place() + " was called over dubbo, which has none",
                "streams go over tri only: write tri://HOST:PORT, or protocol: tri, where the provider offers it");
        }
        Failure unread = unread(root, text);
        if (unread != null) {
            return unread;
        }
        Matcher large = TOO_LARGE.matcher(text);
        if (large.find()) {
            String what = text.contains("Failed to send message") ? "request" : "answer";
            return Failure.of("SERIALIZATION", "the " + what + " is too large: " + large.group(1) + " bytes, and Dubbo's limit here is " + large.group(2),
                "raise `payload` of the provider's protocol; a direct URL takes it too: dubbo://HOST:PORT?payload=" + payloadFor(large.group(1)));
        }
        Matcher unknown = UNREAD.matcher(text);
        if (unknown.find()) {
            return Failure.of("SERIALIZATION", "the provider does not read " + unknown.group(1), "take the serialization out, or let the provider offer it (prefer-serialization, and its library)");
        }
        if (REALIZE.matcher(text).find() && String.valueOf(root.getMessage()).startsWith("java.util.concurrent.CompletionException")) { // behind the method
            return Failure.of("SERIALIZATION", "the provider cannot make a generic answer of what the method gave: " + first(root.getMessage().replaceFirst("^[^:]*:\\s*", "")),
                "the method has done its work; add the API artifact: typed calls carry what it gives");
        }
        if (REALIZE.matcher(text).find()) {
            return Failure.of("SERIALIZATION", "the provider cannot make its types of the request: " + first(root.getMessage()),
                "mend the request, or add the API artifact: typed calls name the place");
        }
        if (UNREADABLE.matcher(text).find() || code(root) == RpcException.SERIALIZATION_EXCEPTION) {
            return Failure.of("SERIALIZATION", unsent(text).or(() -> unmade(text)).orElseGet(() -> "request or answer cannot be carried: " + first(deepest(root).getMessage())),
                text.contains("fastjson2.JSONException") ? MORE_THAN_FASTJSON2
                    : text.contains("Fail to decode request due to: ") ? UNREAD_REQUEST : "the provider's log names the class");
        }
        return null;
    }

    /** An answer that has come and cannot be made into objects here; null when that is not what happened. */
    private static Failure unread(Throwable root, String text) {
        Throwable reason = deepest(root);
        boolean providers = text.contains(UNSENT) || String.valueOf(root.getMessage()).startsWith("java.util.concurrent.CompletionException");
        if (!providers && !TripleStatus.isAnswer(root) && text.contains("StackOverflowError")) {
            return Failure.of("SERIALIZATION", "the answer is nested too deeply to be read: " + first(reason.toString()), "no Java consumer can read it; ask for less at once");
        }
        if (!text.contains("Deserialize response failed") || reason == root) {
            return null;
        }
        return Failure.of("SERIALIZATION", unmade(text).orElseGet(() -> "the answer cannot be read: " + first(reason.toString())), reason.toString().contains("com.alibaba.fastjson2.") ? MORE_THAN_FASTJSON2 : "the bridge's log has the whole story");
    }

    /** Of an exception that has come. */
    private static Optional<String> unmade(String text) {
        Matcher unmade = UNMADE.matcher(text);
        return !unmade.find() ? Optional.empty()
            : Optional.of("the provider threw a " + unmade.group(1) + ", which fastjson2 cannot make: it has no constructor that takes a message, a cause or nothing");
    }

    /** Behind all of the answer, of any length, stands why it was not sent. */
    private static Optional<String> unsent(String text) {
        int because = text.lastIndexOf(BECAUSE);
        return because < 0 || !text.contains(UNSENT) ? Optional.empty()
            : Optional.of("the provider cannot send its answer: " + first(text.substring(because + BECAUSE.length())));
    }

    /** A power of two, so that it can stay. */
    private static long payloadFor(String bytes) {
        return Long.highestOneBit(Long.parseLong(bytes)) * 2;
    }

    private static Failure nobody(Throwable root, String text, Definition definition) {
        if (code(root) == RpcException.FORBIDDEN_EXCEPTION || code(root) == RpcException.NO_INVOKER_AVAILABLE_AFTER_FILTER || text.contains("No provider available")) {
            return Failure.of("NO_PROVIDER", "no provider of " + definition.interfaceName() + described(definition) + " at " + definition.place(),
                "start the provider, or check group, version and tag");
        }
        if (text.contains("NoAuth") || text.contains("AuthFailed")) {
            return Failure.of("AUTH", "the registry " + definition.place() + " refuses to be read", RegistryAddress.AUTH_HINT);
        }
        return code(root) == RpcException.AUTHORIZATION_EXCEPTION
            ? Failure.of("AUTH", "the provider refuses the call: " + first(root.getMessage()), "check the credentials") : null;
    }

    private static Failure network(Throwable root) {
        if (root instanceof RemotingException || code(root) == RpcException.NETWORK_EXCEPTION) {
            return Failure.of("NETWORK", first(deepest(root).getMessage()), "check that the provider runs and that its address can be reached from here");
        }
        if (TripleStatus.isAnswer(root)) {
            return Failure.of("PROVIDER_EXCEPTION", first(root.getMessage()), "expected? then assert on exception.message");
        }
        return Failure.of("NETWORK", "the call failed: " + first(root.toString()), "the bridge's log has the whole story");
    }

    /** What it means when the provider could not hand an argument to its method; null when that is not what happened. */
    static Failure unread(String title, Definition definition, String mode) {
        Matcher cast = CAST.matcher(title);
        if (!cast.matches() || definition.erased() == null || !definition.erased().contains(source(cast.group(2)))) {
            return null;
        }
        String wanted = source(cast.group(2));
        boolean typed = mode.equals("typed");
        return Failure.of("SERIALIZATION", "the provider read an argument as " + cast.group(1) + ", but " + definition.title() + " takes " + wanted,
            typed ? "hessian2 does not carry a " + wanted + " as one, from no consumer; set serialization: fastjson2, or ask for another type in the API"
                : "a generic call cannot carry it: add the API artifact, so that the call is typed");
    }

    /** `byte[]` for `[B`: as a signature has it. */
    private static String source(String name) {
        return name.equals("[B") ? "byte[]" : name.startsWith("[L") ? name.substring(2, name.length() - 1) + "[]" : name;
    }

    /** Whether it is known that no provider has got the request. */
    static boolean isNeverSent(Failure failure) {
        return failure.cause().equals("NO_PROVIDER") || failure.equals(UNSENT_REQUEST);
    }

    /** Whether the provider may have done the work before its connection was lost. */
    static boolean isHungUp(Failure failure) {
        return failure.message().equals(HUNG_UP_MESSAGE);
    }

    static boolean isNoMethod(Throwable thrown) {
        return NO_METHOD.matcher(texts(unwrapped(thrown))).find();
    }

    /**
     * Whether what looks like the method's exception was thrown here, while the request was being sent: when the call's
     * time ends before the connection stands, Dubbo 3.3 hides that behind a NullPointerException of its own
     * (DefaultFuture.shutdownExecutorIfNeeded). What a provider throws has no frame of ours.
     */
    static boolean isUnsent(Throwable thrown) {
        StackTraceElement[] frames = thrown.getStackTrace();
        return frames.length > 0 && frames[0].getClassName().startsWith(REMOTING)
            && Stream.of(frames).anyMatch(frame -> frame.getClassName().equals(Sender.class.getName()));
    }

    /** Whether the provider turned the request away unread. */
    static boolean isRefusedUnread(Throwable failure) {
        return failure != null && isExhausted(unwrapped(failure));
    }

    private static boolean isExhausted(Throwable root) {
        return root instanceof RemotingException && EXHAUSTED.matcher(String.valueOf(root.getMessage())).find();
    }

    /** ", group g, version 1.0" as far as they are given. */
    static String described(Definition definition) {
        return (definition.group().isEmpty() ? "" : ", group " + definition.group()) + (definition.version().isEmpty() ? "" : ", version " + definition.version());
    }

    static Throwable unwrapped(Throwable thrown) {
        boolean wrapper = thrown instanceof CompletionException || thrown instanceof ExecutionException;
        return wrapper && thrown.getCause() != null ? unwrapped(thrown.getCause()) : thrown;
    }

    /** Dubbo wraps the short truth in paragraphs. */
    private static Throwable deepest(Throwable thrown) {
        Throwable at = thrown;
        for (int i = 0; i < 10 && at.getCause() != null && at.getCause().getMessage() != null; i++) {
            at = at.getCause();
        }
        return at;
    }

    private static int code(Throwable thrown) {
        return thrown instanceof RpcException rpc ? rpc.getCode() : -1;
    }

    private static String texts(Throwable thrown) {
        StringBuilder text = new StringBuilder();
        Throwable at = thrown;
        for (int i = 0; at != null && i < 10; i++, at = at.getCause()) {
            text.append(at.getClass().getSimpleName()).append(": ").append(at.getMessage()).append('\n');
        }
        return text.toString();
    }

    /** The first line, at most 400 characters and how many more there are. */
    static String first(String message) {
        String line = message == null ? "" : message.strip().split("\\R", 2)[0];
        return line.length() <= 400 ? line : line.substring(0, 400) + "… (+" + (line.length() - 400) + ")";
    }
}
