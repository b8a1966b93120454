package io.dubboworkbench.bridge.rpc;

import io.dubboworkbench.bridge.Call;
import io.dubboworkbench.bridge.bind.Binder;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.dubbo.rpc.Constants;
import org.apache.dubbo.rpc.InvokeMode;
import org.apache.dubbo.rpc.RpcInvocation;
import org.apache.dubbo.rpc.service.GenericService;

/**
 * Calls without the API's classes: maps and lists, which the provider turns into beans. Arguments of JDK types are
 * made here; all others go as maps with Integer, Long, BigInteger and BigDecimal numbers.
 */
final class GenericCaller implements Caller {
    private static final Method INVOKE = invoke();
    private static final Map<String, Class<?>> PRIMITIVES = new HashMap<>();

    static {
        for (Class<?> type : new Class<?>[] {boolean.class, byte.class, char.class, short.class, int.class, long.class, float.class, double.class}) {
            PRIMITIVES.put(type.getName(), type);
        }
    }

    private final Reference reference;
    private final String method;
    private final String[] erased;
    private final List<Type> parameters;

    GenericCaller(Reference reference, Definition definition) {
        this.reference = reference;
        this.method = definition.method();
        this.erased = definition.erased().toArray(new String[0]);
        this.parameters = definition.erased().stream().map(GenericCaller::known).toList();
    }

    /** Types that this JVM has too are bound exactly; the rest become maps and lists. */
    private static Type known(String name) {
        Class<?> primitive = PRIMITIVES.get(name);
        if (primitive != null) {
            return primitive;
        }
        boolean jdk = name.startsWith("java.lang.") || name.startsWith("java.math.") || name.startsWith("java.time.") || name.startsWith("java.util.");
        try {
            return jdk && Binder.isScalar(Class.forName(name)) ? Class.forName(name) : Object.class;
        } catch (ClassNotFoundException newerThanWe) {
            return Object.class;
        }
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
    public RpcInvocation invocation(Call call) {
        Object[] arguments = reference.api().binder().arguments(call.arguments(), parameters);
        RpcInvocation invocation = new RpcInvocation(
            reference.model(), INVOKE.getName(), GenericService.class.getName(), reference.protocolServiceKey(), INVOKE.getParameterTypes(),
            new Object[] {method, erased, arguments});
        invocation.put(Constants.CONSUMER_MODEL, reference.model());
        invocation.put(Constants.METHOD_MODEL, reference.model().getMethodModel(INVOKE));
        invocation.setInvokeMode(InvokeMode.FUTURE);
        return invocation;
    }

    @Override
    public void write(StringBuilder out, Object value) {
        reference.api().writers().write(out, value, Object.class, true);
    }

    private static Method invoke() {
        try {
            return GenericService.class.getMethod("$invokeAsync", String.class, String[].class, Object[].class);
        } catch (NoSuchMethodException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }
}
