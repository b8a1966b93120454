package io.dubboworkbench.bridge.rpc;

import java.util.List;
import org.apache.dubbo.common.URL;
import org.apache.dubbo.common.extension.Activate;
import org.apache.dubbo.common.extension.Wrapper;
import org.apache.dubbo.common.url.component.ServiceAddressURL;
import org.apache.dubbo.common.utils.UrlUtils;
import org.apache.dubbo.rpc.Exporter;
import org.apache.dubbo.rpc.Invocation;
import org.apache.dubbo.rpc.Invoker;
import org.apache.dubbo.rpc.Protocol;
import org.apache.dubbo.rpc.ProtocolServer;
import org.apache.dubbo.rpc.Result;
import org.apache.dubbo.rpc.RpcException;
import org.apache.dubbo.rpc.model.ScopeModel;
import org.apache.dubbo.rpc.model.ServiceModel;

/**
 * Connects to the address that the environment's host map gives for a registered one, and notes in each call who it
 * went to. A wrapper that Dubbo finds by name.
 */
@Activate(order = 50)
@Wrapper(order = 50)
public final class HostMapProtocol implements Protocol {
    private final Protocol protocol;

    public HostMapProtocol(Protocol protocol) {
        this.protocol = protocol;
    }

    @Override
    public <T> Invoker<T> refer(Class<T> type, URL url) throws RpcException {
        if (UrlUtils.isRegistry(url)) {
            return protocol.refer(type, url);
        }
        URL reachable = Hosts.reachable(Applications.hosts(url.getScopeModel()), url);
        URL there = withPath(reachable == url ? url : owned(reachable, url));
        return new Noted<>(protocol.refer(type, there), there == url ? null : url, Peer.at(there));
    }

    /** Apache's dubbo-python registers the name of its service as a parameter, and no path. */
    private static URL withPath(URL url) {
        boolean pathless = url.getPath() == null || url.getPath().isEmpty();
        return pathless && url.hasParameter("service") ? owned(url.setPath(url.getParameter("service")), url) : url;
    }

    /** A copy of an application-level URL forgets whom it belongs to; one of an interface-level URL does not, and may not be told. */
    private static URL owned(URL copy, URL url) {
        if (copy instanceof ServiceAddressURL) {
            return copy;
        }
        ServiceModel service = url.getServiceModel();
        ScopeModel scope = service == null ? url.getScopeModel() : service.getModuleModel();
        return copy.setScopeModel(scope).setServiceModel(service);
    }

    /** @param registered the URL by which directories and routers know it, when it was connected elsewhere */
    private record Noted<T>(Invoker<T> invoker, URL registered, Peer peer) implements Invoker<T> {
        @Override
        public Class<T> getInterface() {
            return invoker.getInterface();
        }

        @Override
        public Result invoke(Invocation invocation) throws RpcException {
            peer.note(invocation);
            return invoker.invoke(invocation);
        }

        @Override
        public URL getUrl() {
            return registered == null ? invoker.getUrl() : registered;
        }

        @Override
        public boolean isAvailable() {
            return invoker.isAvailable();
        }

        @Override
        public void destroy() {
            invoker.destroy();
        }
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
