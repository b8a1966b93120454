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
        URL found = Tls.isGiven(instance.getApplicationModel()) ? url.addParameter(Tls.ENABLED, true) : url;
        URL there = Hosts.reachable(Applications.hosts(instance.getApplicationModel()), found);
        return there == found ? found : there.setScopeModel(url.getScopeModel());
    }
}
