package io.dubboworkbench.bridge.rpc;

import org.apache.dubbo.common.URL;
import org.apache.dubbo.common.constants.CommonConstants;
import org.apache.dubbo.common.extension.Activate;
import org.apache.dubbo.rpc.Filter;
import org.apache.dubbo.rpc.Invocation;
import org.apache.dubbo.rpc.Invoker;
import org.apache.dubbo.rpc.Result;
import org.apache.dubbo.rpc.RpcException;

/**
 * Notes in the invocation which provider it goes to. Providers that registered by application are called with a copy of
 * the invocation, so that ours does not learn its invoker; the attributes are the same. A filter that Dubbo finds by name.
 */
@Activate(group = CommonConstants.CONSUMER)
public final class ChosenProvider implements Filter {
    private static final String KEY = "io.dubboworkbench.provider";

    @Override
    public Result invoke(Invoker<?> invoker, Invocation invocation) throws RpcException {
        invocation.put(KEY, invoker.getUrl());
        return invoker.invoke(invocation);
    }

    /** HOST:PORT, or empty when none was chosen. */
    static String of(Invocation invocation) {
        if (!(invocation.get(KEY) instanceof URL url) || url.getPort() <= 0) {
            return "";
        }
        String host = url.getHost();
        return (host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host) + ":" + url.getPort();
    }
}
