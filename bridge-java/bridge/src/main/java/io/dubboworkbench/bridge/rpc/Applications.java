package io.dubboworkbench.bridge.rpc;

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
 * One Dubbo application a set of registries and host map, so that the rules of a registry's config and metadata centre
 * hold for its calls only (addresses are cached there, too); in it one module an artifact set. Destroying the last module would end an application, so
 * each keeps a first one that is never used.
 */
final class Applications {
    private static final String HOSTS = "io.dubboworkbench.hosts";
    private final Map<List<Object>, ApplicationModel> applications = new ConcurrentHashMap<>();
    private final Map<List<Object>, ModuleModel> modules = new ConcurrentHashMap<>();

    /** @param artifacts fingerprint of the artifact set */
    ModuleModel module(List<String> registries, Map<String, String> hosts, String artifacts) {
        return modules.computeIfAbsent(List.of(registries, hosts, artifacts), key -> {
            ModuleModel module = applications.computeIfAbsent(List.of(registries, hosts), place -> application(registries, hosts)).newModule();
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

    private static ApplicationModel application(List<String> registries, Map<String, String> hosts) {
        ApplicationModel model = FrameworkModel.defaultModel().newApplication();
        model.setAttribute(HOSTS, hosts);
        ApplicationConfig config = new ApplicationConfig(model, "dubbo-workbench");
        config.setQosEnable(false);
        config.setSerializeCheckStatus("DISABLE"); // a tester's own providers answer here
        config.setCheckSerializable(false);
        config.setEnableFileCache(false); // nothing is left in the home folder
        model.getApplicationConfigManager().setApplication(config);
        for (String address : registries) {
            model.getApplicationConfigManager().addRegistry(RegistryAddress.parse(address).config());
        }
        model.newModule();
        return model;
    }
}
