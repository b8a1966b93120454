package io.dubboworkbench.bridge.rpc;

import io.dubboworkbench.bridge.Call;
import io.dubboworkbench.bridge.Notes;
import io.dubboworkbench.bridge.bind.Binder;
import io.dubboworkbench.bridge.bind.Declarations;
import io.dubboworkbench.bridge.write.Writers;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.List;
import java.util.function.Supplier;
import org.apache.dubbo.rpc.Constants;
import org.apache.dubbo.rpc.InvokeMode;
import org.apache.dubbo.rpc.RpcInvocation;
import org.apache.dubbo.rpc.service.GenericService;

/**
 * Calls without the API's classes: maps and lists, which the provider turns into beans. Values of JDK types are made
 * here as far as the contract tells where they stand; all others go as maps and lists with Integer, Long, BigInteger and
 * BigDecimal numbers. Answers are written along the contract, and what they cannot show is noted. Without parameter types the provider takes its one method of that name, and refuses overloads.
 */
final class GenericCaller implements Caller {
    private static final Method INVOKE = invoke();

    private final Reference reference;
    private final String method;
    private final String[] erased;
    private final Binder binder;
    private final List<Type> parameters;
    private final Type returns;
    private final Writers writers;

    /** @param artifacts what a `$class` may name beside the contract; asked when a request names what the contract has not */
    GenericCaller(Reference reference, Definition definition, Supplier<ClassLoader> artifacts) {
        this.reference = reference;
        this.method = definition.method();
        this.erased = definition.erased() == null ? null : definition.erased().toArray(new String[0]);
        Declarations declarations = new Declarations(definition.types(), definition.exact(), definition.unchecked(), name -> Beside.describe(name, artifacts));
        this.binder = new Binder(declarations);
        List<String> declared = definition.parameters() == null ? definition.erased() : definition.parameters();
        this.parameters = declared == null || definition.unchecked() ? null : declared.stream().map(declarations::parse).toList();
        this.returns = declarations.parse(definition.returns());
        this.writers = new Writers(declarations, definition.exact() && !definition.returns().isEmpty(), definition.stating());
    }

    @Override
    public Reference reference() {
        return reference;
    }

    @Override
    public String mode() {
        return "generic";
    }

    @Override
    public RpcInvocation invocation(Call call, Notes notes) {
        Object[] arguments = parameters == null ? binder.untyped(call.arguments()) : binder.arguments(call.arguments(), parameters, notes);
        RpcInvocation invocation = new RpcInvocation(
            reference.model(), INVOKE.getName(), GenericService.class.getName(), reference.protocolServiceKey(), INVOKE.getParameterTypes(),
            new Object[] {method, erased, arguments});
        invocation.put(Constants.CONSUMER_MODEL, reference.model());
        invocation.put(Constants.METHOD_MODEL, reference.model().getMethodModel(INVOKE));
        invocation.setInvokeMode(InvokeMode.ASYNC);
        return invocation;
    }

    @Override
    public void write(StringBuilder out, Object value, Notes notes) {
        writers.write(out, value, returns, true, notes);
    }

    /** Not $invokeAsync, which is the same on the way and unknown to providers before 2.7. */
    private static Method invoke() {
        try {
            return GenericService.class.getMethod("$invoke", String.class, String[].class, Object[].class);
        } catch (NoSuchMethodException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }
}
