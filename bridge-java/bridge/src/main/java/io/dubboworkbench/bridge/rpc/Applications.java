package io.dubboworkbench.bridge.rpc;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.dubbo.config.ApplicationConfig;
import org.apache.dubbo.config.ConsumerConfig;
import org.apache.dubbo.rpc.model.ApplicationModel;
import org.apache.dubbo.rpc.model.FrameworkModel;
import org.apache.dubbo.rpc.model.ModuleModel;
import org.apache.dubbo.rpc.model.ScopeModel;
import org.apache.dubbo.rpc.model.ScopeModelUtil;

/**
 * One Dubbo application a set of registries, host map, name and TLS files, so that the rules of a registry's config and metadata centre
 * hold for its calls only (addresses are cached there, too); in it one module an artifact set. Destroying the last module would end an application, so
 * each keeps a first one that is never used.
 */
final class Applications {
    private static final String HOSTS = "io.dubboworkbench.hosts";
    private static final String NAME = "dubbo-workbench";
    private static final Map<Boolean, FrameworkModel> PLAIN = new HashMap<>();
    private final Map<Place, ApplicationModel> applications = new ConcurrentHashMap<>();
    private final Map<List<Object>, ModuleModel> modules = new ConcurrentHashMap<>();

    /** What makes an application of its own. */
    private record Place(List<String> registries, Map<String, String> hosts, String consumer, Map<String, String> tls, boolean secure) {
        static Place of(Definition definition) {
            boolean secure = definition.direct() && Tls.isAsked(definition);
            return new Place(definition.direct() ? List.of() : definition.registries(), definition.hosts(), definition.consumer(), definition.tls(), secure);
        }
    }

    /** @param artifacts fingerprint of the artifact set */
    ModuleModel module(Definition definition, String artifacts) {
        Place place = Place.of(definition);
        return modules.computeIfAbsent(List.of(place, artifacts), key -> {
            ModuleModel module = applications.computeIfAbsent(place, Applications::application).newModule();
            ConsumerConfig consumer = new ConsumerConfig(module);
            consumer.setCheck(false);
            module.getConfigManager().addConsumer(consumer);
            return module;
        });
    }

    @SuppressWarnings("unchecked")
    static Map<String, String> hosts(ScopeModel scope) {
        Object hosts = scope == null ? null : ScopeModelUtil.getApplicationModel(scope).getAttribute(HOSTS);
        return hosts == null ? Map.of() : (Map<String, String>) hosts;
    }

    /** What this side calls itself: the name that rules for consumers are kept under. */
    static String consumer(String given) {
        return given.isEmpty() ? NAME : given;
    }

    /**
     * Connections are shared by address in all of a framework, so those with TLS asked for, or other files, need another one.
     * And one more is for pinned addresses called without: by registry it is the provider that says whether it wants TLS.
     */
    private static FrameworkModel framework(Place place) {
        if (!place.tls().isEmpty() || place.secure()) {
            return new FrameworkModel();
        }
        synchronized (PLAIN) {
            boolean first = PLAIN.isEmpty(); // it takes the one that is there from the start
            return PLAIN.computeIfAbsent(place.registries().isEmpty(), pinned -> first ? FrameworkModel.defaultModel() : new FrameworkModel());
        }
    }

    private static ApplicationModel application(Place place) {
        ApplicationModel model = framework(place).newApplication();
        model.setAttribute(HOSTS, place.hosts());
        model.setAttribute(Tls.FILES, place.tls());
        ApplicationConfig config = new ApplicationConfig(model, consumer(place.consumer()));
        config.setQosEnable(false);
        config.setSerializeCheckStatus("DISABLE"); // a tester's own providers answer here
        config.setCheckSerializable(false);
        config.setEnableFileCache(false); // nothing is left in the home folder
        model.getApplicationConfigManager().setApplication(config);
        for (String address : place.registries()) {
            model.getApplicationConfigManager().addRegistry(RegistryAddress.parse(address).config());
        }
        model.newModule();
        return model;
    }
}
