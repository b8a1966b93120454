package com.example.zoo.provider;

import com.example.zoo.oracle.Describe;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.dubbo.rpc.RpcContext;

/**
 * Implements every facade: a method that answers a String names itself and its arguments, all others give back what
 * they got. What came with the attachment `zoo.case` is remembered as it was, for `seen`.
 */
final class Echo implements InvocationHandler {
    private static final int REMEMBERED = 4_096;

    private final Map<String, String> seen = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > REMEMBERED;
        }
    });
    private final boolean tells;

    private Echo(boolean tells) {
        this.tells = tells;
    }

    static Object of(Class<?> facade) {
        boolean tells = facade.getSimpleName().startsWith("Overload");
        return Proxy.newProxyInstance(facade.getClassLoader(), new Class<?>[] {facade}, new Echo(tells));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] given) throws Throwable {
        if (given != null && given.length == 1 && (given[0] instanceof Iterator<?> || given[0] instanceof Enumeration<?>)) {
            return readOnce(method, given[0]);
        }
        Object[] arguments = given == null ? new Object[0] : given;
        if (method.getDeclaringClass() == Object.class) {
            return method.invoke(this, arguments);
        }
        if (method.getName().equals("seen")) {
            return seen.get((String) arguments[0]);
        }
        note(method, arguments);
        if (method.isDefault()) {
            return InvocationHandler.invokeDefault(proxy, method, arguments);
        }
        return tells ? told(method, arguments) : arguments[0];
    }

    private void note(Method method, Object[] arguments) {
        String name = RpcContext.getServerAttachment().getAttachment("zoo.case");
        if (name != null) {
            seen.put(name, Describe.arguments(method, arguments));
        }
    }

    /** What can be read but once is given back as another that reads the same. */
    private Object readOnce(Method method, Object given) {
        List<Object> items = new ArrayList<>();
        Iterator<?> each = given instanceof Enumeration<?> enumeration ? enumeration.asIterator() : (Iterator<?>) given;
        each.forEachRemaining(items::add);
        note(method, new Object[] {items.iterator()});
        return method.getReturnType() == Enumeration.class ? Collections.enumeration(items) : items.iterator();
    }

    private static String told(Method method, Object[] arguments) {
        String types = Arrays.stream(method.getParameterTypes()).map(Class::getTypeName).collect(Collectors.joining(","));
        return method.getName() + "(" + types + "): " + Describe.arguments(method, arguments);
    }
}
