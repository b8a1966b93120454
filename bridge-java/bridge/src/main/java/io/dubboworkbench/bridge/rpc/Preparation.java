package io.dubboworkbench.bridge.rpc;

import io.dubboworkbench.bridge.FailedException;
import io.dubboworkbench.bridge.Outbox;
import io.dubboworkbench.bridge.bind.Near;
import io.dubboworkbench.bridge.load.Poms;
import io.dubboworkbench.bridge.rpc.Reference.Api;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.dubbo.common.stream.StreamObserver;

/** Decides how a method is called, and gets ready for it: classes, method, reference. */
final class Preparation {
    private static final Pattern CLASS_VERSION = Pattern.compile("class file version (\\d+)");
    private static final int FIRST_CLASS_VERSION = 44; // before that of Java 1
    private static final String NEWER_JAVA = "set JAVA_HOME to a JDK of that release or a later one";
    private static final String CLASS = "class ";
    private static final String ABSENT = " is not in the artifacts";
    private final References references;
    private final Diagnosis diagnosis;

    Preparation(References references) {
        this.references = references;
        this.diagnosis = new Diagnosis(references);
    }

    int loaders() {
        return references.loaders();
    }

    /**
     * @throws FailedException when it cannot be called
     * @throws UntoldException when it can be called generically only, and the contract has not been told
     */
    Sender sender(Definition asked, Outbox outbox, Executor pool) {
        asked.check();
        List<String> warnings = new ArrayList<>();
        if (asked.url().startsWith("tri:") && !(asked.group() + asked.version()).isEmpty()) { // TriplePathResolver falls back to any
            warnings.add(RegistryView.Offer.named(asked.group(), asked.version()) + " may not be held to: over tri, providers since Dubbo 3.3 answer at an address "
                + "whatever is asked for; by registry they are");
        }
        Definition definition = references.reachable(asked, warnings);
        Caller caller = typed(definition, warnings);
        if (caller == null && definition.untold()) {
            throw new UntoldException();
        }
        if (caller == null) {
            caller = generic(definition, warnings);
        }
        Callbacks.refuse(definition, caller.reference());
        return new Sender(definition, caller, definition == asked, warnings, diagnosis, pool, outbox);
    }

    /** Makes the reference that calls of the definition's interface will use; its method may be anything. */
    void prepare(Definition asked) {
        asked.check();
        Definition definition = references.reachable(asked, new ArrayList<>());
        try {
            boolean typed = !definition.mode().equals("generic") && !definition.artifacts().isEmpty();
            if (typed) {
                references.typed(definition, Class.forName(definition.interfaceName(), false, references.api(definition).loader()));
            } else {
                references.generic(definition);
            }
        } catch (ClassNotFoundException | LinkageError | TypeNotPresentException missing) {
            references.generic(definition);
        }
    }

    /** Null when there are no classes to do it with; then the warnings say which are missing. */
    private Caller typed(Definition definition, List<String> warnings) {
        if (definition.mode().equals("generic") || definition.artifacts().isEmpty()) {
            if (definition.mode().equals("typed")) {
                throw new FailedException("CONFIG", "a typed call of " + definition.title() + " needs an API artifact", "add the API jar, or take mode: typed out");
            }
            return null;
        }
        Api api = references.api(definition);
        try {
            Class<?> type = Class.forName(definition.interfaceName(), false, api.loader());
            Method method = method(definition, type);
            Reference reference = references.typed(definition, type);
            Caller caller = StreamCaller.streams(method) ? new StreamCaller(reference, method) : new TypedCaller(reference, method, definition.stating());
            FloatFields.warning(definition, method).ifPresent(warnings::add);
            HiddenFields.warning(definition, method).ifPresent(warnings::add);
            Reachable.from(List.of(method.getGenericReturnType())); // what an answer needs must be there, too
            return caller;
        } catch (ClassNotFoundException | LinkageError | TypeNotPresentException missing) {
            String what = missing(missing);
            String hint = missing instanceof UnsupportedClassVersionError ? NEWER_JAVA : Poms.hint(definition.artifacts(), what.startsWith(CLASS) ? what.substring(CLASS.length(), what.length() - ABSENT.length()) : "");
            if (definition.mode().equals("typed")) {
                throw new FailedException("CONFIG", what, hint);
            }
            warnings.add("called generically, for " + what + "; " + hint);
            return null;
        }
    }

    /** Also for classes that are there and do not link, as those for a newer Java. */
    private static String missing(Throwable missing) {
        if (missing instanceof TypeNotPresentException absent) {
            return CLASS + absent.typeName() + ABSENT;
        }
        String name = missing.getMessage() == null ? "" : missing.getMessage().replace('/', '.');
        Matcher newer = CLASS_VERSION.matcher(name);
        if (missing instanceof UnsupportedClassVersionError && newer.find()) {
            return "the artifacts are made for Java " + (Integer.parseInt(newer.group(1)) - FIRST_CLASS_VERSION) + ", and the bridge runs on Java " + Runtime.version().feature();
        }
        boolean absent = name.matches("[\\w.$]+") && (missing instanceof ClassNotFoundException || missing instanceof NoClassDefFoundError);
        return absent ? CLASS + name + ABSENT : "the artifacts do not link: " + missing;
    }

    private Caller generic(Definition definition, List<String> warnings) {
        Definition known = definition.erased() == null ? withTypes(definition) : definition;
        if (known.erased() == null) {
            warnings.add("nothing here tells the parameter types of " + known.title() + ": the provider takes its one method of that name, "
                + "and changes values that do not fit; write the types, or add the API artifact");
        } else if (known.erased().contains(StreamObserver.class.getName())) {
            String why = warnings.isEmpty() ? "add the API artifact, and take mode: generic out" : warnings.get(warnings.size() - 1);
            throw new FailedException("CONFIG", "a stream cannot be called without the API's classes: " + known.title(), why);
        }
        return new GenericCaller(references.generic(known), known, () -> references.api(known).loader());
    }

    /** Looks the one method of that name up in the registry's metadata; where there is none, the types stay unknown. */
    private static Definition withTypes(Definition definition) {
        List<String> named = Diagnosis.signatures(definition).stream().filter(signature -> signature.startsWith(definition.method() + "(")).toList();
        if (named.size() == 1) {
            String types = named.get(0).substring(definition.method().length() + 1, named.get(0).length() - 1);
            return definition.withErased(types.isEmpty() ? List.of() : List.of(types.split(",")));
        }
        if (named.isEmpty()) {
            return definition;
        }
        throw new FailedException("NO_METHOD", definition.title() + " has overloads: it has " + String.join("; ", named),
            "write them: " + definition.interfaceName() + "#" + definition.method() + "(java.lang.String,…), or add the API artifact");
    }

    private static Method method(Definition definition, Class<?> type) {
        List<Method> named = Arrays.stream(type.getMethods()).filter(method -> method.getName().equals(definition.method()))
            .filter(method -> !java.lang.reflect.Modifier.isStatic(method.getModifiers())).toList();
        List<Method> fitting = definition.erased() == null
            ? named.stream().filter(method -> !method.isBridge()).toList()
            : named.stream().filter(method -> types(method).equals(definition.erased())).toList();
        if (fitting.size() == 1 || !fitting.isEmpty() && definition.erased() != null) {
            return fitting.stream().filter(method -> !method.isBridge()).findFirst().orElse(fitting.get(0));
        }
        throw noMethod(definition, type, named);
    }

    private static FailedException noMethod(Definition definition, Class<?> type, List<Method> named) {
        if (!named.isEmpty()) {
            String choices = named.stream().map(method -> method.getName() + "(" + String.join(",", types(method)) + ")").distinct().sorted().collect(Collectors.joining("; "));
            String what = definition.erased() == null ? definition.title() + " has overloads" : "the artifact has no " + definition.title();
            return new FailedException("NO_METHOD", what + ": it has " + choices, "write the parameter types of one of them");
        }
        String near = Near.name(definition.method(), Arrays.stream(type.getMethods()).map(Method::getName).toList());
        return new FailedException("NO_METHOD", "the artifact's " + definition.interfaceName() + " has no method " + definition.method(),
            near == null ? "it may belong to another release of the API" : "did you mean " + near + "?");
    }

    private static List<String> types(Method method) {
        return Arrays.stream(method.getParameterTypes()).map(Class::getTypeName).toList();
    }
}
