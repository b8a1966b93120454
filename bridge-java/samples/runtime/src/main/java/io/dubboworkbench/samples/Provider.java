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
import org.apache.dubbo.config.bootstrap.DubboBootstrap;

/** Exports the services on the class path as one Dubbo application, waits until the registry shows them, prints READY. */
public final class Provider {
    private final Options options;
    private final RegistryAddress registry;
    private final List<SampleService> services;
    private final String host;
    private final int port;

    private Provider(Options options) throws IOException {
        this.options = options;
        this.registry = RegistryAddress.parse(options.text("registry"));
        this.services = wanted(options.text("services"));
        this.host = options.text("host").equals("auto") ? Loopback.host() : options.text("host");
        this.port = freePort((int) options.number("port", 0, 65_535));
    }

    static Map<String, String> defaults() {
        Map<String, String> defaults = new LinkedHashMap<>();
        for (String name : List.of("registry", "services", "group", "version", "tag", "answer-variant")) {
            defaults.put(name, "");
        }
        defaults.put("host", "auto");
        defaults.put("port", "0");
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
            Options options = Options.parse(arguments, defaults());
            Lifetime.bind(options);
            new Provider(options).start();
        });
    }

    private void start() throws Exception {
        System.setProperty("dubbo.application.logger", "slf4j");
        System.setProperty("dubbo.service.shutdown.wait", "500"); // ms for calls under way; Dubbo would always take two seconds
        System.setProperty("DUBBO_IP_TO_BIND", host);
        System.setProperty("DUBBO_IP_TO_REGISTRY", host);
        DubboBootstrap bootstrap = DubboBootstrap.getInstance();
        bootstrap.application(application()).registry(registry.config()).protocol(new ProtocolConfig("dubbo", port));
        services.forEach(service -> bootstrap.service(export(service)));
        bootstrap.start();
        awaitRegistered();
        Program.ready(names(), port, "dubbo://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
        bootstrap.await(); // all threads of Dubbo are daemons
    }

    private ApplicationConfig application() {
        ApplicationConfig application = new ApplicationConfig(names());
        application.setQosEnable(false);
        application.setRegisterMode(registerMode());
        return application;
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
        config.setWeight((int) options.number("weight", 0, 100_000));
        return config;
    }

    private void awaitRegistered() throws Exception {
        try (Registered registered = new Registered(registry)) {
            for (SampleService service : services) {
                if (!registerMode().equals("instance")) {
                    registered.await(registry.providersOf(service.contract()), port);
                }
            }
            if (!registerMode().equals("interface")) {
                registered.await(registry.instancesOf(names()), port);
            }
        }
    }

    private String names() {
        return services.stream().map(SampleService::name).distinct().collect(Collectors.joining("-"));
    }

    private String orNull(String option) {
        return options.has(option) ? options.text(option) : null;
    }

    /** All services on the class path, or those named in the comma list. */
    private static List<SampleService> wanted(String names) {
        List<SampleService> found = new ArrayList<>();
        ServiceLoader.load(SampleService.class).forEach(found::add);
        if (names.isEmpty()) {
            return found;
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
