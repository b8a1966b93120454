package io.dubboworkbench.bridge.rpc;

import org.apache.dubbo.rpc.Constants;
import org.apache.dubbo.rpc.InvokeMode;
import org.apache.dubbo.rpc.RpcContext;
import org.apache.dubbo.rpc.RpcException;
import org.apache.dubbo.rpc.RpcInvocation;

/** Asks a provider whether it offers a service, in a way that every Dubbo provider answers: the method `$echo`. */
final class Echo {
    private static final int TIMEOUT_MS = 2_000;

    private Echo() {}

    /** @return false also when there is no answer */
    static boolean answered(Reference reference) {
        RpcInvocation echo = new RpcInvocation(reference.model(), "$echo", reference.type().getName(), reference.protocolServiceKey(),
            new Class<?>[] {Object.class}, new Object[] {"?"});
        echo.put(Constants.CONSUMER_MODEL, reference.model());
        echo.setInvokeMode(InvokeMode.SYNC);
        echo.setTargetServiceUniqueName(reference.serviceKey());
        echo.setObjectAttachment("timeout", TIMEOUT_MS);
        try {
            RpcContext.getServiceContext().setConsumerUrl(reference.invoker().getUrl());
            return "?".equals(reference.invoker().invoke(echo).getValue());
        } catch (RpcException refused) {
            return false;
        } finally {
            RpcContext.removeContext();
        }
    }
}
