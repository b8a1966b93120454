package io.dubboworkbench.samples;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.ThreadLocalRandom;

/** Makes a service slow or unreliable from inside, where a real one would be so: Dubbo sees the service's own exception. */
final class Faults implements InvocationHandler {
    private final Object target;
    private final long delayMs;
    private final double failureRate;

    private Faults(Object target, long delayMs, double failureRate) {
        this.target = target;
        this.delayMs = delayMs;
        this.failureRate = failureRate;
    }

    /** The target itself when there is nothing to inject, so that the usual case costs nothing. */
    static Object around(Object target, Class<?> contract, long delayMs, double failureRate) {
        if (delayMs == 0 && failureRate == 0) {
            return target;
        }
        return Proxy.newProxyInstance(contract.getClassLoader(), new Class<?>[] {contract}, new Faults(target, delayMs, failureRate));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        if (method.getDeclaringClass() != Object.class) {
            Thread.sleep(delayMs);
            if (ThreadLocalRandom.current().nextDouble() < failureRate) {
                throw new InjectedFault("injected fault in " + method.getName());
            }
        }
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }
}
