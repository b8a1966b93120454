package io.dubboworkbench.bridge.rpc;

import io.dubboworkbench.bridge.Call;
import io.dubboworkbench.bridge.Notes;
import io.dubboworkbench.bridge.bind.Generics;
import io.dubboworkbench.bridge.write.Writers;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.dubbo.rpc.Constants;
import org.apache.dubbo.rpc.InvokeMode;
import org.apache.dubbo.rpc.RpcInvocation;

/** Calls with the API's own classes, as any consumer does. */
final class TypedCaller implements Caller {
    private final Reference reference;
    private final Method method;
    private final String name;
    private final List<Type> parameters;
    private final Type returns;
    private final Writers writers;
    private final boolean future;
    private final AllowList allowList;

    TypedCaller(Reference reference, Method method, boolean stating) {
        this.reference = reference;
        this.writers = stating ? reference.api().stating() : reference.api().writers();
        this.method = method;
        this.name = Stubs.name(reference, method);
        this.allowList = new AllowList(reference.type());
        Map<TypeVariable<?>, Type> variables = Generics.variables(reference.type());
        this.parameters = Arrays.stream(method.getGenericParameterTypes()).map(type -> Generics.resolve(type, variables)).toList();
        Type declared = Generics.resolve(method.getGenericReturnType(), variables);
        this.future = CompletionStage.class.isAssignableFrom(method.getReturnType());
        this.returns = !future ? declared : declared instanceof Generics.Parameterized promise ? promise.arguments().get(0) : Object.class;
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
        Object[] arguments = reference.api().binder().arguments(call.arguments(), parameters);
        RpcInvocation invocation = new RpcInvocation(
            reference.model(), name, reference.type().getName(), reference.protocolServiceKey(), method.getParameterTypes(), arguments);
        invocation.put(Constants.CONSUMER_MODEL, reference.model());
        invocation.put(Constants.METHOD_MODEL, reference.model().getMethodModel(method));
        invocation.setInvokeMode(future ? InvokeMode.FUTURE : InvokeMode.ASYNC);
        return invocation;
    }

    @Override
    public List<String> refusable(Call call) {
        return allowList.outside(call.arguments());
    }

    @Override
    public void write(StringBuilder out, Object value, Notes notes) {
        Class<?> declared = Generics.raw(returns);
        if (value != null && !declared.isPrimitive() && !declared.isInstance(value)) {
            notes.add("a Java consumer's call ends with ClassCastException: the answer is a " + value.getClass().getTypeName() + ", where " + declared.getTypeName() + " is declared", "response");
        }
        writers.write(out, value, method.getReturnType() == void.class ? Object.class : returns);
    }
}
