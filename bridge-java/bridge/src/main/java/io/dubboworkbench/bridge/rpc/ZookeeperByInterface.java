package io.dubboworkbench.bridge.rpc;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.dubbo.common.ProtocolServiceKey;
import org.apache.dubbo.common.URL;
import org.apache.dubbo.common.constants.CommonConstants;
import org.apache.dubbo.registry.client.ServiceDiscovery;
import org.apache.dubbo.registry.client.event.listener.ServiceInstancesChangedListener;
import org.apache.dubbo.registry.zookeeper.ZookeeperServiceDiscovery;
import org.apache.dubbo.registry.zookeeper.ZookeeperServiceDiscoveryFactory;
import org.apache.dubbo.rpc.model.ApplicationModel;

/**
 * Finds services of applications by their interface. Dubbo keeps their addresses by path and looks them up by interface
 * (ServiceInstancesChangedListener.doOnEvent and getAddresses, 3.3.6), so it misses each service whose path is another:
 * all by protobuf's IDL whose Java package is not the .proto's, and all with a `path` of their own. Takes the place of
 * Dubbo's factory for zookeeper.
 */
public final class ZookeeperByInterface extends ZookeeperServiceDiscoveryFactory {
    @Override
    protected ServiceDiscovery createDiscovery(URL registry) {
        return new Discovery(applicationModel, registry);
    }

    private static final class Discovery extends ZookeeperServiceDiscovery {
        Discovery(ApplicationModel application, URL registry) {
            super(application, registry);
        }

        @Override
        public ServiceInstancesChangedListener createListener(Set<String> applications) {
            return new Listener(applications, this);
        }
    }

    private static final class Listener extends ServiceInstancesChangedListener {
        Listener(Set<String> applications, ServiceDiscovery discovery) {
            super(applications, discovery);
        }

        @Override
        protected List<URL> getAddresses(ProtocolServiceKey wanted, URL consumer) {
            List<URL> found = new ArrayList<>(super.getAddresses(wanted, consumer));
            serviceUrls.forEach((path, offers) -> {
                if (!path.equals(wanted.getInterfaceName()) && !path.equals(CommonConstants.ANY_VALUE)) {
                    offers.stream().filter(offer -> ProtocolServiceKey.Matcher.isMatch(wanted, offer.getProtocolServiceKey()))
                        .forEach(offer -> found.addAll(offer.getUrls()));
                }
            });
            return found;
        }
    }
}
