package io.dubboworkbench.bridge.rpc;

import java.util.List;
import org.apache.dubbo.common.URL;
import org.apache.dubbo.registry.client.ServiceInstance;
import org.apache.dubbo.registry.client.metadata.StandardMetadataServiceURLBuilder;
import org.apache.dubbo.rpc.model.ApplicationModel;

/**
 * Where a provider that registers by application is asked for its metadata. Dubbo connects there without any protocol
 * wrapper (MetadataUtils.referMetadataService), so host map and TLS have to be in the URL. Takes the place of Dubbo's
 * `standard` one.
 */
public final class HostMapMetadata extends StandardMetadataServiceURLBuilder {
    public HostMapMetadata(ApplicationModel application) {
        super(application);
    }

    @Override
    public List<URL> build(ServiceInstance instance) {
        return super.build(instance).stream().map(url -> reachable(url, instance)).toList();
    }

    private static URL reachable(URL url, ServiceInstance instance) {
        URL there = Hosts.reachable(Applications.hosts(instance.getApplicationModel()), url);
        boolean secure = Tls.isGiven(instance.getApplicationModel()) || isSecure(there);
        URL found = secure ? there.addParameter(Tls.ENABLED, true) : there;
        return found == url ? found : found.setScopeModel(url.getScopeModel());
    }

    /**
     * An instance does not say so in the registry; its services do, in the metadata that are asked for here. Without TLS
     * Dubbo would wait for the answer 40 s. Plain ports answer at once, and cost no more than that.
     */
    private static boolean isSecure(URL there) {
        return Wire.protocol(there.getHost(), there.getPort()).isEmpty() && Handshake.isOffered(there.getHost(), there.getPort());
    }
}
