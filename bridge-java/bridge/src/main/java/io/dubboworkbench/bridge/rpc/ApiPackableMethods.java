package io.dubboworkbench.bridge.rpc;

import org.apache.dubbo.common.URL;
import org.apache.dubbo.rpc.model.MethodDescriptor;
import org.apache.dubbo.rpc.model.Pack;
import org.apache.dubbo.rpc.model.PackableMethod;
import org.apache.dubbo.rpc.model.PackableMethodFactory;
import org.apache.dubbo.rpc.model.ReflectionMethodDescriptor;
import org.apache.dubbo.rpc.model.UnPack;

/**
 * Reads answers that come over tri with the classes of the API. Dubbo reads them with those of the thread: beans inside
 * of lists become maps, and exceptions lose their class. A wrapper that Dubbo finds by name.
 */
public final class ApiPackableMethods implements PackableMethodFactory {
    private final PackableMethodFactory factory;

    public ApiPackableMethods(PackableMethodFactory factory) {
        this.factory = factory;
    }

    @Override
    public PackableMethod create(MethodDescriptor descriptor, URL url, String contentType) {
        PackableMethod method = factory.create(descriptor, url, contentType);
        return descriptor instanceof ReflectionMethodDescriptor reflected
            ? new WithClasses(method, reflected.getMethod().getDeclaringClass().getClassLoader()) : method;
    }

    private record WithClasses(PackableMethod method, ClassLoader loader) implements PackableMethod {
        @Override
        public Object parseResponse(byte[] data, boolean isReturnTriException) throws Exception {
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            thread.setContextClassLoader(loader);
            try {
                return method.parseResponse(data, isReturnTriException);
            } finally {
                thread.setContextClassLoader(before);
            }
        }

        @Override
        public boolean needWrapper() {
            return method.needWrapper();
        }

        @Override
        public Pack getRequestPack() {
            return method.getRequestPack();
        }

        @Override
        public Pack getResponsePack() {
            return method.getResponsePack();
        }

        @Override
        public UnPack getResponseUnpack() {
            return method.getResponseUnpack();
        }

        @Override
        public UnPack getRequestUnpack() {
            return method.getRequestUnpack();
        }
    }
}
