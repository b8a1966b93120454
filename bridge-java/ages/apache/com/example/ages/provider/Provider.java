package com.example.ages.provider;

import com.example.ages.AgesFacade;
import io.dubboworkbench.launch.UsageException;
import java.util.Map;
import org.apache.dubbo.common.Version;
import org.apache.dubbo.config.ApplicationConfig;
import org.apache.dubbo.config.ProtocolConfig;
import org.apache.dubbo.config.RegistryConfig;
import org.apache.dubbo.config.ServiceConfig;
import org.apache.dubbo.config.bootstrap.DubboBootstrap;
import org.apache.dubbo.rpc.RpcContext;

/** Exports the service on any of Apache's releases: compiled against each of them. */
public final class Provider {
    private static final Map<String, String> MODES = Map.of("interface", "interface", "application", "instance", "both", "all");

    private Provider() {}

    public static void main(String[] arguments) {
        Place.start(arguments, Version.getVersion(), "::1", Provider::export);
    }

    private static void export(Place place) {
        ServiceConfig<AgesFacade> elsewhere = service();
        elsewhere.setId(Place.ELSEWHERE); // 2.7 takes it for the same one otherwise
        elsewhere.setGroup(Place.ELSEWHERE);
        elsewhere.setPath(Place.PATH);
        ProtocolConfig protocol = new ProtocolConfig(place.protocol(), place.port());
        if (!place.serialization().isEmpty()) {
            protocol.setSerialization(place.serialization());
        }
        DubboBootstrap dubbo = DubboBootstrap.getInstance().application(application(place)).registry(registry(place)).protocol(protocol).service(service()).service(elsewhere);
        Streams.services(place).forEach(dubbo::service);
        dubbo.start();
    }

    private static ServiceConfig<AgesFacade> service() {
        ServiceConfig<AgesFacade> service = new ServiceConfig<>();
        service.setInterface(AgesFacade.class);
        service.setRef(new Ages(Provider::attachment));
        return service;
    }

    private static ApplicationConfig application(Place place) {
        ApplicationConfig application = new ApplicationConfig("ages-" + Version.getVersion().replace('.', '-'));
        application.setQosEnable(false);
        return application;
    }

    /** 3.x is told by a property that 2.7 does not know; 2.7 has its own first form of applications. */
    private static RegistryConfig registry(Place place) {
        RegistryConfig registry = new RegistryConfig(place.registry());
        registry.setGroup(place.root());
        registry.setUseAsMetadataCenter(place.metadata());
        if (Version.getVersion().startsWith("3.")) {
            System.setProperty("dubbo.application.register-mode", MODES.get(place.level()));
        } else if (place.level().equals("application")) {
            registry.setParameters(Map.of("registry-type", "service"));
        } else if (place.level().equals("both")) {
            throw new UsageException("this release registers at one level: interface or application");
        }
        return registry;
    }

    private static String attachment(String key) {
        String value = RpcContext.getContext().getAttachment(key);
        RpcContext.getServerContext().setAttachment("answer-" + key, value);
        return value;
    }
}
