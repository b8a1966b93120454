package io.dubboworkbench.bridge.train;

import io.dubboworkbench.bridge.Call;
import io.dubboworkbench.bridge.Outbox;
import io.dubboworkbench.bridge.rpc.DubboRole;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.dubbo.config.ApplicationConfig;
import org.apache.dubbo.config.ProtocolConfig;
import org.apache.dubbo.config.RegistryConfig;
import org.apache.dubbo.config.ServiceConfig;
import org.apache.dubbo.rpc.model.ApplicationModel;
import org.apache.dubbo.rpc.model.FrameworkModel;

/** A short life that loads what real lives load, so that the JVM can archive those classes for quick starts. */
public final class Train {
    private static final long CALL_MS = 5_000;

    private Train() {}

    /**
     * @param jar the bridge's own jar, here the API artifact as well
     * @param scratch an empty folder
     */
    public static void run(DubboRole role, Outbox outbox, String jar, Path scratch) throws IOException, InterruptedException {
        System.setProperty("DUBBO_IP_TO_BIND", "::1"); // Dubbo refuses 127.x and would listen everywhere instead
        System.setProperty("DUBBO_IP_TO_REGISTRY", "::1");
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
            port = socket.getLocalPort();
        }
        String registry = Registry.start(Files.createDirectories(scratch.resolve("registry")));
        export(port, registry);
        String url = "dubbo://[::1]:" + port;
        for (List<String> artifacts : List.of(List.of(jar), List.<String>of())) {
            call(role, outbox, definition(List.of(registry), "", artifacts), "[{\"a\":[1,2.50,\"x\",{\"b\":null}]}]");
            call(role, outbox, definition(List.of(), url, artifacts), "[{\"a\":[1,2.50,\"x\",{\"b\":null}]}]");
            call(role, outbox, definition(List.of(), url, artifacts), "[{\"fail\":[]}]");
        }
    }

    private static void export(int port, String registry) {
        ApplicationModel application = FrameworkModel.defaultModel().newApplication();
        ApplicationConfig config = new ApplicationConfig(application, "train");
        config.setQosEnable(false);
        config.setEnableFileCache(false);
        application.getApplicationConfigManager().setApplication(config);
        ServiceConfig<Echo> service = new ServiceConfig<>(application.newModule());
        service.setInterface(Echo.class);
        service.setRef(values -> {
            if (values.containsKey("fail")) {
                throw new IllegalStateException("as asked");
            }
            return values;
        });
        service.setScope("remote"); // else the consumer in the same JVM would not use the wire
        service.setProtocol(new ProtocolConfig("dubbo", port));
        service.setRegistry(new RegistryConfig(registry));
        service.export();
    }

    private static Map<String, Object> definition(List<String> registries, String url, List<String> artifacts) {
        return Map.ofEntries(
            Map.entry("interface", Echo.class.getName()), Map.entry("method", "echo"), Map.entry("erased", List.of("java.util.Map")),
            Map.entry("registries", registries), Map.entry("url", url), Map.entry("hosts", Map.of()), Map.entry("group", ""), Map.entry("version", ""),
            Map.entry("protocol", ""), Map.entry("artifacts", artifacts), Map.entry("serialization", ""), Map.entry("mode", ""));
    }

    private static void call(DubboRole role, Outbox outbox, Map<String, Object> definition, String arguments) throws InterruptedException {
        role.apply(definition).call(Call.born(1, CALL_MS, arguments, Map.of(), ""));
        System.err.println("trained: " + outbox.take(1, 2 * CALL_MS));
    }
}
