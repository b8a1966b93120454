package io.dubboworkbench.bridge.rpc;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.function.Supplier;
import org.apache.dubbo.rpc.Invoker;
import org.apache.dubbo.rpc.model.DubboStub;
import org.apache.dubbo.rpc.model.MethodDescriptor;
import org.apache.dubbo.rpc.model.ServiceDescriptor;
import org.apache.dubbo.rpc.stub.StubSuppliers;

/** Services that Dubbo's compiler makes of a .proto file: `Letters` with `DubboLettersTriple` beside it. */
final class Stubs {
    private Stubs() {}

    static boolean is(Class<?> type) {
        return DubboStub.class.isAssignableFrom(type);
    }

    /** Dubbo keeps one descriptor a name for the whole JVM; while a reference is made, it is the one of its own artifact. */
    static <T> T with(Class<?> type, Supplier<T> make) {
        if (!is(type)) {
            return make.get();
        }
        synchronized (Stubs.class) {
            announce(type);
            return make.get();
        }
    }

    private static void announce(Class<?> type) {
        String made = type.getPackageName() + ".Dubbo" + type.getSimpleName() + "Triple";
        try {
            Class<?> triple = Class.forName(made, true, type.getClassLoader());
            Field field = triple.getDeclaredField("serviceDescriptor");
            field.setAccessible(true);
            ServiceDescriptor descriptor = (ServiceDescriptor) field.get(null);
            Method stub = triple.getMethod("newStub", Invoker.class);
            for (String name : new String[] {type.getName(), descriptor.getInterfaceName()}) {
                StubSuppliers.addDescriptor(name, descriptor);
                StubSuppliers.addSupplier(name, invoker -> stub(stub, invoker));
            }
        } catch (ReflectiveOperationException missing) {
            throw new NoClassDefFoundError(made);
        }
    }

    private static Object stub(Method made, Invoker<?> invoker) {
        try {
            return made.invoke(null, invoker);
        } catch (IllegalAccessException | InvocationTargetException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The name on the wire: that of the .proto file, `Echo` for Java's `echo`. */
    static String name(Reference reference, Method method) {
        if (is(reference.type())) {
            for (MethodDescriptor descriptor : reference.model().getServiceModel().getAllMethods()) {
                if (java(descriptor.getMethodName()).equals(method.getName())) {
                    return descriptor.getMethodName();
                }
            }
        }
        return method.getName();
    }

    private static String java(String proto) {
        return Character.toLowerCase(proto.charAt(0)) + proto.substring(1);
    }
}
