package com.example.ages.provider;

import com.alibaba.dubbo.config.ApplicationConfig;
import com.alibaba.dubbo.config.ProtocolConfig;
import com.alibaba.dubbo.config.RegistryConfig;
import com.alibaba.dubbo.config.ServiceConfig;
import com.alibaba.dubbo.rpc.RpcContext;
import com.example.ages.AgesFacade;

/** Exports the service as providers of the time before Apache do. */
public final class Provider {
    /** 127.0.0.1 as one number: URLs of this release do not know IPv6. */
    private static final String LOOPBACK = "2130706433";

    private Provider() {}

    public static void main(String[] arguments) {
        Place.start(arguments, "2.6", LOOPBACK, Provider::export);
    }

    private static void export(Place place) {
        ApplicationConfig application = new ApplicationConfig("ages-2-6");
        application.setQosEnable(false);
        RegistryConfig registry = new RegistryConfig(place.registry());
        registry.setGroup(place.root());
        registry.setClient("curator");
        ProtocolConfig protocol = new ProtocolConfig("dubbo", place.port());
        if (!place.serialization().isEmpty()) {
            protocol.setSerialization(place.serialization());
        }
        ServiceConfig<AgesFacade> service = service(application, registry, protocol);
        ServiceConfig<AgesFacade> elsewhere = service(application, registry, protocol);
        elsewhere.setGroup(Place.ELSEWHERE);
        elsewhere.setPath(Place.PATH);
        service.export();
        elsewhere.export();
    }

    private static ServiceConfig<AgesFacade> service(ApplicationConfig application, RegistryConfig registry, ProtocolConfig protocol) {
        ServiceConfig<AgesFacade> service = new ServiceConfig<>();
        service.setApplication(application);
        service.setRegistry(registry);
        service.setProtocol(protocol);
        service.setInterface(AgesFacade.class);
        service.setRef(new Ages(Provider::attachment));
        return service;
    }

    private static String attachment(String key) {
        String value = RpcContext.getContext().getAttachment(key);
        RpcContext.getServerContext().setAttachment("answer-" + key, value);
        return value;
    }
}
