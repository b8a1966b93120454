package io.dubboworkbench.registry;

import io.dubboworkbench.launch.Lifetime;
import io.dubboworkbench.launch.Options;
import io.dubboworkbench.launch.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code java -jar workbench-registry.jar --data DIR [--port 0]}: prints one READY line and stays. */
public final class RegistryMain {
    private RegistryMain() {}

    public static void main(String[] arguments) {
        Program.run(() -> start(Options.parse(arguments, defaults())));
    }

    private static Map<String, String> defaults() {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put("data", "");
        defaults.put("port", "0");
        defaults.put("session-timeout", "15000");
        defaults.put("exit-with-parent", "0");
        defaults.put("max-minutes", "0");
        return defaults;
    }

    private static void start(Options options) throws Exception {
        Lifetime.bind(options);
        Path data = options.has("data") ? Path.of(options.text("data")) : Files.createTempDirectory("registry");
        int port = (int) options.number("port", 0, 65_535);
        int timeout = (int) options.number("session-timeout", 1_000, 600_000);
        EmbeddedRegistry registry = new EmbeddedRegistry(data, port, timeout);
        Runtime.getRuntime().addShutdownHook(new Thread(registry::close, "close"));
        Program.ready("registry", registry.port(), "zookeeper://127.0.0.1:" + registry.port());
    }
}
