package io.dubboworkbench.bridge.rpc;

import io.dubboworkbench.bridge.FailedException;
import io.dubboworkbench.bridge.load.Answers;
import io.dubboworkbench.bridge.load.ApiLoader;
import io.dubboworkbench.bridge.load.Artifacts;
import io.dubboworkbench.bridge.rpc.Reference.Api;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.dubbo.config.ReferenceConfig;
import org.apache.dubbo.rpc.InvokeMode;
import org.apache.dubbo.rpc.Invoker;
import org.apache.dubbo.rpc.Result;
import org.apache.dubbo.rpc.RpcContext;
import org.apache.dubbo.rpc.RpcException;
import org.apache.dubbo.rpc.RpcInvocation;
import org.apache.dubbo.rpc.model.ConsumerModel;
import org.apache.dubbo.rpc.model.ModuleModel;
import org.apache.dubbo.rpc.service.GenericService;

/** Makes references and keeps them; one a call would leak. Everything here may block. */
final class References {
    private static final Api NO_API = new Api(References.class.getClassLoader());
    /** The serialization that every provider reads. */
    static final String COMMON = "hessian2";
    private static final int ASKING_MS = 5_000; // of one that has just answered: on a busy machine
    private static final String PAYLOAD = String.valueOf(64 << 20);
    private final Artifacts artifacts;
    private final Applications applications = new Applications();
    private final Map<String, Api> apis = new ConcurrentHashMap<>();
    private final Map<List<Object>, Reference> references = new ConcurrentHashMap<>();
    private final Set<List<Object>> places = ConcurrentHashMap.newKeySet();

    References(Artifacts artifacts) {
        this.artifacts = artifacts;
    }

    int loaders() {
        return apis.size();
    }

    Api api(Definition definition) {
        return apis.computeIfAbsent(Artifacts.fingerprint(definition.artifacts()), key ->
            new Api(new ApiLoader(artifacts.classPath(definition.artifacts()), References.class.getClassLoader())));
    }

    Reference typed(Definition definition, Class<?> type) {
        return reference(definition, type, api(definition), Artifacts.fingerprint(definition.artifacts()));
    }

    Reference generic(Definition definition) {
        return reference(definition, GenericService.class, NO_API, "");
    }

    /**
     * Whether the service is there: asked for a method that none has, in the serialization that all read, it says that
     * it has not that method. Blocks for a moment.
     */
    boolean offered(Definition definition) {
        Reference reference = generic(definition.withSerialization(COMMON));
        RpcInvocation call = new RpcInvocation(reference.model(), "$invoke", GenericService.class.getName(), reference.protocolServiceKey(),
            new Class<?>[] {String.class, String[].class, Object[].class}, new Object[] {"$isThere", new String[0], new Object[0]});
        call.setTargetServiceUniqueName(reference.serviceKey());
        call.setObjectAttachment("timeout", ASKING_MS);
        call.setInvokeMode(InvokeMode.SYNC);
        try {
            RpcContext.getServiceContext().setConsumerUrl(reference.invoker().getUrl());
            Result answer = reference.invoker().invoke(call);
            return answer.hasException() && Failures.isNoMethod(answer.getException());
        } catch (RpcException refused) {
            return Failures.isNoMethod(refused);
        } finally {
            RpcContext.removeContext();
        }
    }

    private Reference reference(Definition definition, Class<?> type, Api api, String fingerprint) {
        List<Object> key = List.of(place(definition), type == GenericService.class, fingerprint);
        Reference known = references.get(key);
        if (known != null) {
            return known;
        }
        Reference made = references.computeIfAbsent(key, missing -> make(definition, type, api, fingerprint));
        places.add(place(definition));
        return made;
    }

    private static List<Object> place(Definition definition) {
        return List.of(
            definition.registries(), definition.url(), definition.hosts(), definition.interfaceName(), definition.group(), definition.version(),
            definition.protocol(), definition.serialization(), definition.consumer(), definition.tls());
    }

    /**
     * Leaves out registries that cannot be reached, and notes them: Dubbo starts with all or not at all. What is known
     * already is called without its registries, too.
     *
     * @throws FailedException when none is left
     */
    Definition reachable(Definition definition, List<String> warnings) {
        if (places.contains(place(definition))) {
            return definition;
        }
        List<String> left = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        for (String address : definition.direct() ? List.<String>of() : definition.registries()) {
            String reason = RegistryAddress.parse(address).unreachable();
            if (reason == null) {
                left.add(address);
            } else {
                reasons.add("registry " + RegistryAddress.parse(address).shown() + " cannot be reached: " + reason);
            }
        }
        if (reasons.isEmpty()) {
            return definition;
        }
        if (left.isEmpty()) {
            throw new FailedException("NETWORK", String.join("; ", reasons), "check that the registry runs and that its address in the environment is right");
        }
        reasons.forEach(reason -> warnings.add(reason + "; the providers of the other registries are called"));
        return definition.withRegistries(left);
    }

    private Reference make(Definition definition, Class<?> type, Api api, String fingerprint) {
        ModuleModel module = applications.module(definition, fingerprint);
        if (api != NO_API) {
            Answers.prepare(module.getApplicationModel().getFrameworkModel(), api.loader());
        }
        ReferenceConfig<Object> config = new ReferenceConfig<>(module);
        config.setInterface(definition.interfaceName());
        if (type == GenericService.class) {
            config.setGeneric("true");
        } else {
            config.setInterface(type);
            config.setInterfaceClassLoader(api.loader());
        }
        fill(config, definition);
        Stubs.with(type, config::get);
        Invoker<?> invoker = config.getInvoker();
        ConsumerModel model = (ConsumerModel) invoker.getUrl().getServiceModel();
        return new Reference(invoker, type, model, invoker.getUrl().getProtocolServiceKey(), invoker.getUrl().getServiceKey(), api);
    }

    private static void fill(ReferenceConfig<Object> config, Definition definition) {
        config.setCheck(false);
        config.setRetries(0);
        config.setCluster("failfast"); // one call is one request; a repeated one could pay twice
        config.setGroup(blankAsNull(definition.group()));
        config.setVersion(blankAsNull(definition.version()));
        config.setProtocol(blankAsNull(definition.protocol()));
        if (definition.direct()) {
            config.setUrl(Hosts.direct(definition));
        }
        config.setParameters(parameters(definition));
    }

    private static Map<String, String> parameters(Definition definition) {
        Map<String, String> parameters = new HashMap<>(Map.of("dispatcher", HangUpDispatcher.NAME));
        if (definition.direct() && !definition.url().contains("payload=")) {
            parameters.put("payload", PAYLOAD); // by registry the provider's own holds, as for any consumer
        }
        if (!definition.serialization().isEmpty()) {
            parameters.put("serialization", definition.serialization());
            parameters.put("prefer.serialization", definition.serialization());
        }
        return parameters;
    }

    private static String blankAsNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
