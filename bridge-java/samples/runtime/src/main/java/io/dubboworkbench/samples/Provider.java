package io.dubboworkbench.samples;

import io.dubboworkbench.launch.Lifetime;
import io.dubboworkbench.launch.Options;
import io.dubboworkbench.launch.Program;
import io.dubboworkbench.launch.UsageException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.apache.dubbo.config.ApplicationConfig;
import org.apache.dubbo.config.ProtocolConfig;
import org.apache.dubbo.config.ServiceConfig;
import org.apache.dubbo.config.SslConfig;
import org.apache.dubbo.config.bootstrap.DubboBootstrap;
import org.apache.dubbo.rpc.model.FrameworkModel;

/**
 * Exports the services on the class path as a Dubbo application, waits until the registry shows them, prints READY.
 * Options after an {@code --and} are another application in the same process, as if it were another provider.
 */
public final class Provider {
    private final Options options;
    private final RegistryAddress registry;
    private final List<SampleService> services;
    private final String host;
    private final List<ProtocolConfig> protocols = new ArrayList<>();
    private final List<ServiceConfig<Object>> exported = new ArrayList<>();

    private Provider(Options options) throws IOException {
        this.options = options;
        this.registry = RegistryAddress.parse(options.text("registry"));
        this.services = wanted(options.text("services"));
        this.host = options.text("host").equals("auto") ? Loopback.host() : options.text("host");
        long port = options.number("port", 0, 65_535);
        for (String name : options.text("protocols").split(",")) {
            protocols.add(new ProtocolConfig(name, freePort((int) port)));
            port = 0; // the others take free ones
        }
    }

    static Map<String, String> defaults() {
        Map<String, String> defaults = new LinkedHashMap<>();
        for (String name : List.of("registry", "services", "group", "version", "tag", "answer-variant", "application", "token", "registered-host",
                "serialize-check", "tls-chain", "tls-key", "tls-trust")) {
            defaults.put(name, "");
        }
        defaults.put("host", "auto");
        defaults.put("port", "0");
        defaults.put("protocols", "dubbo");
        defaults.put("weight", "100");
        defaults.put("delay", "0");
        defaults.put("failure-rate", "0");
        defaults.put("register", "both");
        defaults.put("exit-with-parent", "0");
        defaults.put("max-minutes", "0");
        return defaults;
    }

    public static void main(String[] arguments) {
        Program.run(() -> {
            List<Options> all = Options.parseAll(arguments, defaults(), List.of("registry", "services", "host", "exit-with-parent", "max-minutes"));
            Lifetime.bind(all.get(0));
            System.setProperty("dubbo.application.logger", "slf4j");
            System.setProperty("dubbo.service.shutdown.wait", "500"); // ms for calls under way; Dubbo would always take two seconds
            List<Provider> providers = new ArrayList<>();
            for (Options options : all) {
                providers.add(new Provider(options));
            }
            List<String> addresses = new ArrayList<>();
            for (Provider provider : providers) {
                provider.start();
                addresses.addAll(provider.addresses());
            }
            for (Provider provider : providers) {
                provider.awaitRegistered();
            }
            Program.ready(providers.get(0).names(), providers.get(0).protocols.get(0).getPort(), addresses);
            Thread.currentThread().join(); // all threads of Dubbo are daemons
        });
    }

    private void start() {
        System.setProperty("DUBBO_IP_TO_BIND", host);
        System.setProperty("DUBBO_IP_TO_REGISTRY", options.has("registered-host") ? options.text("registered-host") : host); // read while it exports
        DubboBootstrap bootstrap = DubboBootstrap.newInstance(new FrameworkModel()); // what a framework shares, like the check of classes, is each one's own
        bootstrap.application(application()).registry(registry.config()).protocols(protocols);
        if (options.has("tls-chain")) {
            bootstrap.ssl(tls());
            protocols.forEach(protocol -> protocol.setSslEnabled(true));
        }
        services.forEach(service -> bootstrap.service(export(service)));
        bootstrap.start();
    }

    private List<String> addresses() {
        String shown = host.contains(":") ? "[" + host + "]" : host;
        return protocols.stream().map(protocol -> protocol.getName() + "://" + shown + ":" + protocol.getPort()).toList();
    }

    private ApplicationConfig application() {
        ApplicationConfig application = new ApplicationConfig(names());
        application.setQosEnable(false);
        application.setRegisterMode(registerMode());
        application.setSerializeCheckStatus(orNull("serialize-check"));
        return application;
    }

    private SslConfig tls() {
        SslConfig tls = new SslConfig();
        tls.setServerKeyCertChainPath(options.text("tls-chain"));
        tls.setServerPrivateKeyPath(options.text("tls-key"));
        tls.setServerTrustCertCollectionPath(orNull("tls-trust")); // then consumers have to show a certificate of these
        return tls;
    }

    private String registerMode() {
        return switch (options.choice("register", "interface", "application", "both")) {
            case "interface" -> "interface";
            case "application" -> "instance";
            default -> "all";
        };
    }

    private ServiceConfig<Object> export(SampleService service) {
        String variant = options.text("answer-variant");
        if (!variant.isEmpty() && !service.answerVariants().contains(variant)) {
            throw new UsageException("--answer-variant of " + service.name() + " must be one of " + service.answerVariants() + ", not " + variant);
        }
        ServiceConfig<Object> config = new ServiceConfig<>();
        config.setInterface(service.contract());
        config.setRef(Faults.around(service.implementation(variant), service.contract(), options.number("delay", 0, 600_000), options.decimal("failure-rate", 1)));
        config.setGroup(orNull("group"));
        config.setVersion(orNull("version"));
        config.setTag(orNull("tag"));
        config.setToken(orNull("token"));
        config.setWeight((int) options.number("weight", 0, 100_000));
        service.configure(config);
        exported.add(config);
        return config;
    }

    private void awaitRegistered() throws Exception {
        try (Registered registered = new Registered(registry)) {
            for (SampleService service : services) {
                if (!registerMode().equals("instance")) {
                    registered.await(registry.providersOf(service.contract()), protocols.get(0).getPort());
                }
            }
            if (!registerMode().equals("interface")) {
                registered.await(registry.instancesOf(names()), protocols.get(0).getPort());
            }
            for (ServiceConfig<Object> service : exported) { // Dubbo writes them on a thread of their own
                registered.await(registry.definitionOf(service.getInterface(), service.getVersion(), service.getGroup(), names()));
            }
        }
    }

    private String names() {
        String names = services.stream().map(SampleService::name).distinct().collect(Collectors.joining("-"));
        return options.has("application") ? options.text("application") : names;
    }

    private String orNull(String option) {
        return options.has(option) ? options.text(option) : null;
    }

    /** All services on the class path, or those named in the comma list. */
    private static List<SampleService> wanted(String names) {
        List<SampleService> found = new ArrayList<>();
        ServiceLoader.load(SampleService.class).forEach(found::add);
        if (names.isEmpty()) {
            return found.isEmpty() ? List.of(new Echo()) : found;
        }
        List<SampleService> chosen = new ArrayList<>();
        for (String name : names.split(",")) {
            List<SampleService> named = found.stream().filter(service -> service.name().equals(name)).toList();
            if (named.isEmpty()) {
                throw new UsageException("no service " + name + " on the class path");
            }
            chosen.addAll(named);
        }
        return chosen;
    }

    /** Dubbo would count up from 20880 and meet its neighbours; the system knows better what is free. */
    private int freePort(int wanted) throws IOException {
        try (ServerSocket probe = new ServerSocket(wanted, 1, InetAddress.getByName(host))) {
            return probe.getLocalPort();
        }
    }
}
