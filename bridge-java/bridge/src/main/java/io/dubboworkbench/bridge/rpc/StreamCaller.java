package io.dubboworkbench.bridge.rpc;

import io.dubboworkbench.bridge.Call;
import io.dubboworkbench.bridge.FailedException;
import io.dubboworkbench.bridge.Notes;
import io.dubboworkbench.bridge.bind.Generics;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.dubbo.common.stream.StreamObserver;
import org.apache.dubbo.rpc.AppResponse;
import org.apache.dubbo.rpc.AsyncRpcResult;
import org.apache.dubbo.rpc.InvokeMode;
import org.apache.dubbo.rpc.Result;
import org.apache.dubbo.rpc.RpcException;
import org.apache.dubbo.rpc.RpcInvocation;

/**
 * Streams over tri. Where the caller streams, the request is the list of its messages; the response is always the list
 * of the provider's. A stream has to end within the call's timeout and hold at most {@link Collector#MAX_MESSAGES}.
 */
final class StreamCaller implements Caller {
    private static final int MOST_PARAMETERS = 2;

    private final Reference reference;
    private final String name;
    private final Class<?>[] types;
    private final boolean callerStreams;
    private final Type asked;
    private final Type answered;

    /** @throws FailedException for a method that Dubbo knows to be no stream (ReflectionMethodDescriptor.determineRpcType): nobody can call it */
    StreamCaller(Reference reference, Method method) {
        if (method.getParameterCount() > MOST_PARAMETERS) {
            throw new FailedException("CONFIG", "Dubbo takes " + method.getName() + " for no stream, so no consumer can call it: it has " + method.getParameterCount() + " parameters",
                "a stream is m(StreamObserver) or m(REQUEST, StreamObserver): put the others into one class");
        }
        this.reference = reference;
        this.name = Stubs.name(reference, method);
        Type[] parameters = method.getGenericParameterTypes();
        this.callerStreams = StreamObserver.class.isAssignableFrom(method.getReturnType());
        this.asked = callerStreams ? message(method.getGenericReturnType()) : parameters.length == 1 ? null : Generics.resolve(parameters[0], java.util.Map.of());
        this.answered = message(parameters[parameters.length - 1]);
        this.types = Stubs.is(reference.type())
            ? reference.model().getServiceModel().getMethods(name).get(0).getParameterClasses() : method.getParameterTypes();
    }

    static boolean streams(Method method) {
        return Arrays.stream(method.getParameterTypes()).anyMatch(StreamObserver.class::isAssignableFrom);
    }

    private static Type message(Type observer) {
        return Generics.resolve(observer, java.util.Map.of()) instanceof Generics.Parameterized generic ? generic.arguments().get(0) : Object.class;
    }

    @Override
    public Reference reference() {
        return reference;
    }

    @Override
    public String mode() {
        return "typed";
    }

    @Override
    public RpcInvocation invocation(Call call, Notes notes) {
        var binder = reference.api().binder();
        Collector collector = callerStreams
            ? new Collector(binder.messages(call.arguments(), asked))
            : new Collector(List.of());
        Object[] request = callerStreams ? new Object[0] : binder.arguments(call.arguments(), asked == null ? List.of() : List.of(asked));
        Object[] arguments = Arrays.copyOf(request, request.length + 1);
        arguments[request.length] = collector;
        RpcInvocation invocation = new RpcInvocation(
            reference.model(), name, reference.type().getName(), reference.protocolServiceKey(), types, arguments);
        invocation.setInvokeMode(InvokeMode.ASYNC);
        return invocation;
    }

    @Override
    public Result invoke(RpcInvocation invocation, Call call) {
        Object[] arguments = invocation.getArguments();
        Collector collector = (Collector) arguments[arguments.length - 1];
        Result started = reference.invoker().invoke(invocation);
        if (started.hasException()) {
            return started;
        }
        CompletableFuture.delayedExecutor(call.timeoutMs(), TimeUnit.MILLISECONDS).execute(() ->
            collector.end(new RpcException(RpcException.TIMEOUT_EXCEPTION, "the stream has not ended")));
        if (callerStreams) {
            collector.say(started.getValue());
        }
        return new AsyncRpcResult(collector.answer().handle((messages, failure) -> {
            AppResponse response = new AppResponse(messages);
            response.setException(failure);
            return response;
        }), invocation);
    }

    @Override
    public Runnable end(RpcInvocation invocation) {
        Object[] arguments = invocation.getArguments();
        Collector collector = (Collector) arguments[arguments.length - 1];
        return () -> collector.end(new RpcException(RpcException.TIMEOUT_EXCEPTION, "nobody waits for the stream any more"));
    }

    @Override
    public void write(StringBuilder out, Object value, Notes notes) {
        String before = "[";
        for (Object message : (List<?>) value) {
            reference.api().writers().write(out.append(before), message, answered);
            before = ",";
        }
        out.append(before.equals("[") ? "[]" : "]");
    }
}
