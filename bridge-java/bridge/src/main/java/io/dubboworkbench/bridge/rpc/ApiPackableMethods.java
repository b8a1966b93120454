package io.dubboworkbench.bridge.rpc;

import java.io.ByteArrayInputStream;
import org.apache.dubbo.common.URL;
import org.apache.dubbo.common.constants.CommonConstants;
import org.apache.dubbo.common.serialize.MultipleSerialization;
import org.apache.dubbo.config.Constants;
import org.apache.dubbo.remoting.transport.CodecSupport;
import org.apache.dubbo.remoting.utils.UrlUtils;
import org.apache.dubbo.rpc.model.MethodDescriptor;
import org.apache.dubbo.rpc.model.Pack;
import org.apache.dubbo.rpc.model.PackableMethod;
import org.apache.dubbo.rpc.model.PackableMethodFactory;
import org.apache.dubbo.rpc.model.ReflectionMethodDescriptor;
import org.apache.dubbo.rpc.model.UnPack;
import org.apache.dubbo.rpc.protocol.tri.TripleConstants;
import org.apache.dubbo.rpc.protocol.tri.TripleCustomerProtocolWrapper.TripleResponseWrapper;

/**
 * Reads answers that come over tri with the classes of the API. Dubbo reads them with those of the thread: beans inside
 * of lists become maps, and exceptions lose their class. It asks for an Exception where a method threw an Error, too, and
 * reads an empty one of it (hessian2) or none (fastjson2). A wrapper that Dubbo finds by name.
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
            ? new WithClasses(method, reflected.getMethod().getDeclaringClass().getClassLoader(), url) : method;
    }

    private record WithClasses(PackableMethod method, ClassLoader loader, URL url) implements PackableMethod {
        @Override
        public Object parseResponse(byte[] data, boolean isReturnTriException) throws Exception {
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            thread.setContextClassLoader(loader);
            try {
                return isReturnTriException && needWrapper() ? thrown(data) : method.parseResponse(data, isReturnTriException);
            } finally {
                thread.setContextClassLoader(before);
            }
        }

        /** As ReflectionPackableMethod reads it, but for the class that it asks for. */
        private Object thrown(byte[] data) throws Exception {
            TripleResponseWrapper wrapper = TripleResponseWrapper.parseFrom(data);
            String serialization = wrapper.getSerializeType().equals(TripleConstants.HESSIAN4) ? TripleConstants.HESSIAN2 : wrapper.getSerializeType();
            CodecSupport.checkSerialization(serialization, UrlUtils.allSerializations(url));
            Object read = url.getOrDefaultFrameworkModel().getExtensionLoader(MultipleSerialization.class)
                .getExtension(url.getParameter(Constants.MULTI_SERIALIZATION_KEY, CommonConstants.DEFAULT_KEY))
                .deserialize(url, serialization, Throwable.class, new ByteArrayInputStream(wrapper.getData()));
            return read instanceof Error error ? new ThrownError(error) : read;
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
