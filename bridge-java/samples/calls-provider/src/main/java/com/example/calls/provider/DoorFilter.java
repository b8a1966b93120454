package com.example.calls.provider;

import org.apache.dubbo.common.extension.Activate;
import org.apache.dubbo.rpc.Filter;
import org.apache.dubbo.rpc.Invocation;
import org.apache.dubbo.rpc.Invoker;
import org.apache.dubbo.rpc.Result;
import org.apache.dubbo.rpc.RpcException;

/** A filter as companies have them in front of their services: it turns away the calls whose attachment `door` says so. */
@Activate(group = "provider", order = 20_000)
public final class DoorFilter implements Filter {
    @Override
    public Result invoke(Invoker<?> invoker, Invocation invocation) {
        String door = invocation.getAttachment("door");
        if ("shut".equals(door)) {
            throw new DoorShutException("no entry for " + invocation.getMethodName(), new IllegalStateException("the key is lost"));
        }
        if ("limit".equals(door)) {
            throw new RpcException("Failed to invoke service: too many requests");
        }
        return invoker.invoke(invocation);
    }
}
