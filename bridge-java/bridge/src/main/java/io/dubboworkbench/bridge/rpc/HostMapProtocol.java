package io.dubboworkbench.bridge.rpc;

import java.util.List;
import org.apache.dubbo.common.URL;
import org.apache.dubbo.common.extension.Activate;
import org.apache.dubbo.common.extension.Wrapper;
import org.apache.dubbo.common.utils.UrlUtils;
import org.apache.dubbo.rpc.Exporter;
import org.apache.dubbo.rpc.Invoker;
import org.apache.dubbo.rpc.Protocol;
import org.apache.dubbo.rpc.ProtocolServer;
import org.apache.dubbo.rpc.RpcException;

/** Connects to the address that the environment's host map gives for a registered one. A wrapper that Dubbo finds by name. */
@Activate(order = 50)
@Wrapper(order = 50)
public final class HostMapProtocol implements Protocol {
    private final Protocol protocol;

    public HostMapProtocol(Protocol protocol) {
        this.protocol = protocol;
    }

    @Override
    public <T> Invoker<T> refer(Class<T> type, URL url) throws RpcException {
        String mapped = UrlUtils.isRegistry(url) ? null : Hosts.mapped(Applications.hosts(url.getScopeModel()), url.getHost(), url.getPort());
        if (mapped == null) {
            return protocol.refer(type, url);
        }
        int colon = mapped.lastIndexOf(':');
        return protocol.refer(type, url.setHost(mapped.substring(0, colon)).setPort(Integer.parseInt(mapped.substring(colon + 1))));
    }

    @Override
    public int getDefaultPort() {
        return protocol.getDefaultPort();
    }

    @Override
    public <T> Exporter<T> export(Invoker<T> invoker) throws RpcException {
        return protocol.export(invoker);
    }

    @Override
    public void destroy() {
        protocol.destroy();
    }

    @Override
    public List<ProtocolServer> getServers() {
        return protocol.getServers();
    }
}
