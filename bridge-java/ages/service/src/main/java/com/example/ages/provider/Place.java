package com.example.ages.provider;

import io.dubboworkbench.launch.Lifetime;
import io.dubboworkbench.launch.Options;
import io.dubboworkbench.launch.Program;
import io.dubboworkbench.launch.UsageException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a provider is to be: its registry, address and port, from the command line.
 *
 * @param registry zookeeper://HOST:PORT
 * @param root what Dubbo calls the registry's group
 * @param level interface, application or both
 * @param metadata whether the registry is told what the methods and types look like
 */
public record Place(String registry, String root, String level, String serialization, String protocol, boolean metadata, String host, int port) {
    /** Group and path of the service that does not stand below its interface's name. */
    public static final String ELSEWHERE = "elsewhere";
    public static final String PATH = "warehouse/ages";

    /** Starts a provider, with the address set for Dubbo, and tells when it is ready. */
    public interface Start {
        void at(Place place) throws Exception;
    }

    /** @param host a loopback address that the release takes for a real one: none takes 127.0.0.1 */
    public static void start(String[] arguments, String release, String host, Start start) {
        Program.run(() -> {
            Options options = Options.parse(arguments, defaults());
            Lifetime.bind(options);
            Place place = of(options, host);
            System.setProperty("DUBBO_IP_TO_BIND", place.host);
            System.setProperty("DUBBO_IP_TO_REGISTRY", place.host);
            start.at(place);
            Program.ready(release, place.port, place.protocol + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + place.port);
            Thread.currentThread().join(); // older releases have daemons only
        });
    }

    private static Map<String, String> defaults() {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put("registry", "");
        defaults.put("register", "interface");
        defaults.put("serialization", "");
        defaults.put("protocol", "dubbo");
        defaults.put("metadata", "registry");
        defaults.put("exit-with-parent", "0");
        defaults.put("max-minutes", "0");
        return defaults;
    }

    private static Place of(Options options, String host) throws IOException {
        if (!options.has("registry")) {
            throw new UsageException("--registry zookeeper://HOST:PORT/ROOT is missing");
        }
        String level = options.choice("register", "interface", "application", "both");
        String protocol = options.choice("protocol", "dubbo", "tri");
        String[] parts = options.text("registry").split("(?<=[^/])/(?=[^/])"); // zookeeper://HOST:PORT/ROOT
        boolean metadata = options.choice("metadata", "registry", "none").equals("registry");
        return new Place(parts[0], parts.length > 1 ? parts[1] : "dubbo", level, options.text("serialization"), protocol, metadata, host, freePort(host));
    }

    private static int freePort(String host) throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName(host))) {
            return probe.getLocalPort();
        }
    }
}
