package io.dubboworkbench.bridge.tool;

import io.dubboworkbench.bridge.Call;
import io.dubboworkbench.bridge.FailedException;
import io.dubboworkbench.bridge.Failure;
import io.dubboworkbench.bridge.Line;
import io.dubboworkbench.bridge.Reply;
import io.dubboworkbench.bridge.bind.BindingException;
import io.dubboworkbench.bridge.bind.Generics;
import io.dubboworkbench.bridge.bind.Zone;
import io.dubboworkbench.bridge.json.JsonException;
import io.dubboworkbench.bridge.load.ArtifactException;
import io.dubboworkbench.bridge.write.Thrown;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;

/** One method of a tool class. An instance method gets a new object each call. */
final class ToolLine implements Line {
    private final ToolRole role;
    private final String tool;
    private final List<String> jars;
    private final String className;
    private final String method;
    private final List<String> erased;
    private final String timezone;

    /** @param timezone of times that say none, in arguments and result; empty: this JVM's, which a tool's own code always has */
    ToolLine(ToolRole role, String tool, List<String> jars, String className, String method, List<String> erased, String timezone) {
        this.role = role;
        this.tool = tool;
        this.jars = jars;
        this.className = className;
        this.method = method;
        this.erased = erased;
        this.timezone = timezone;
    }

    @Override
    public void call(Call call) {
        role.run(() -> run(call));
    }

    private void run(Call call) {
        Capture log = Capture.begin();
        Deadlines.Watch watch = role.deadlines().watch(call.timeoutMs(), () -> role.outbox().put(
            failed(call, call.timeoutMs() * 1_000, Failure.of("TIMEOUT", "the tool " + title() + " did not end within " + call.timeoutMs() + " ms", "raise the step's timeout"), log)));
        String answer;
        try {
            answer = answer(call, log);
        } finally {
            log.end();
            Thread.currentThread().setContextClassLoader(null);
        }
        if (watch.finish()) {
            role.outbox().put(answer);
        }
    }

    private String answer(Call call, Capture log) {
        try {
            Zone.use(Zone.of(timezone));
            Library library = role.library(jars);
            log.of(library.loader);
            Thread.currentThread().setContextClassLoader(library.loader);
            Class<?> type = Class.forName(className, true, library.loader);
            Overloads.Choice choice = Overloads.choose(type, method, erased, call.arguments(), library);
            return invoke(call, log, library, type, choice);
        } catch (FailedException failed) {
            return failed(call, 0, failed.failure(), log);
        } catch (BindingException | JsonException wrong) {
            return failed(call, 0, Failure.of("SERIALIZATION", (wrong instanceof JsonException ? "the request is not JSON: " : "") + wrong.getMessage(), "mend the arguments of " + title()), log);
        } catch (ArtifactException unreadable) {
            return failed(call, 0, Failure.of("TOOL", unreadable.getMessage(), "upload the tool's jar again"), log);
        } catch (ClassNotFoundException missing) {
            return failed(call, 0, Failure.of("TOOL", "class " + className + " is not in the tool " + tool, "check the name, or add the jar that holds it"), log);
        } catch (LinkageError incomplete) {
            return failed(call, 0, Failure.of("TOOL", title() + " cannot be loaded: " + incomplete, "add the jar that holds what is missing"), log);
        } catch (RuntimeException | Error unexpected) {
            unexpected.printStackTrace();
            return failed(call, 0, Failure.of("TOOL", title() + " could not be called: " + unexpected, "the bridge's log has the whole story"), log);
        }
    }

    private String invoke(Call call, Capture log, Library library, Class<?> type, Overloads.Choice choice) {
        long start = System.nanoTime();
        try {
            Object receiver = Modifier.isStatic(choice.method().getModifiers()) ? null : instance(type);
            choice.method().setAccessible(true);
            Object value = choice.method().invoke(receiver, choice.arguments());
            return returned(call, (System.nanoTime() - start) / 1_000, log, library, choice.method(), value);
        } catch (InvocationTargetException thrown) {
            return threw(call, (System.nanoTime() - start) / 1_000, log, library, thrown.getCause());
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Object instance(Class<?> type) throws InvocationTargetException, IllegalAccessException {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (NoSuchMethodException | InstantiationException none) {
            throw new FailedException("TOOL", className + " has no constructor without parameters, and " + method + " is not static",
                "call a static method, or give the class such a constructor");
        }
    }

    private String returned(Call call, long elapsed, Capture log, Library library, Method called, Object value) {
        Reply reply = new Reply(call.id(), elapsed, "", "tool");
        try {
            library.writers.write(reply.text(), value, Generics.resolve(called.getGenericReturnType(), Map.of()));
        } catch (JsonException unwritable) {
            return failed(call, elapsed, Failure.of("SERIALIZATION", unwritable.getMessage(), "the tool's result holds what JSON cannot"), log);
        }
        return reply.noFailure().noException().noAttachments().warnings(List.of()).log(log.lines()).end();
    }

    private String threw(Call call, long elapsed, Capture log, Library library, Throwable thrown) {
        Reply reply = new Reply(call.id(), elapsed, "", "tool");
        reply.text().append("null");
        reply.failure(Failure.of("TOOL", Thrown.title(thrown), "expected? then assert on exception.class"));
        library.thrown.write(reply.exception(), thrown);
        return reply.noAttachments().warnings(List.of()).log(log.lines()).end();
    }

    private static String failed(Call call, long elapsed, Failure failure, Capture log) {
        Reply reply = new Reply(call.id(), elapsed, "", "tool");
        reply.text().append("null");
        return reply.failure(failure).noException().noAttachments().warnings(List.of()).log(log.lines()).end();
    }

    private String title() {
        return className + "#" + method;
    }
}
