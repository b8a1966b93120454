package io.dubboworkbench.samples;

import io.dubboworkbench.launch.UsageException;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.dubbo.config.RegistryConfig;

/**
 * {@code zookeeper://HOST:PORT[,HOST:PORT…][/ROOT]}; ROOT is what Dubbo calls the registry's group. Without one, Dubbo
 * keeps interfaces under /dubbo and applications under /services; with one, both under it.
 */
record RegistryAddress(String servers, String root) {
    private static final Pattern SHAPE = Pattern.compile("zookeeper://([^/?]+)(?:/([^/?]+))?/?");

    static RegistryAddress parse(String text) {
        Matcher match = SHAPE.matcher(text);
        if (!match.matches()) {
            throw new UsageException("--registry must look like zookeeper://HOST:PORT[,HOST:PORT][/ROOT], not \"" + text + "\"");
        }
        return new RegistryAddress(match.group(1), match.group(2) == null ? "" : match.group(2));
    }

    RegistryConfig config() {
        int comma = servers.indexOf(',');
        String address = comma < 0 ? servers : servers.substring(0, comma) + "?backup=" + servers.substring(comma + 1);
        RegistryConfig config = new RegistryConfig("zookeeper://" + address);
        if (!root.isEmpty()) {
            config.setGroup(root);
        }
        return config;
    }

    /** The node whose children are the providers of an interface. */
    String providersOf(Class<?> contract) {
        return "/" + (root.isEmpty() ? "dubbo" : root) + "/" + contract.getName() + "/providers";
    }

    /** The node that tells methods and types of what an application offers; {@code null} for no version and no group. */
    String definitionOf(String contract, String version, String group, String application) {
        String offer = Stream.of(contract, version, group).filter(Objects::nonNull).collect(Collectors.joining("/"));
        return "/" + (root.isEmpty() ? "dubbo" : root) + "/metadata/" + offer + "/provider/" + application;
    }

    /** The node whose children are the instances of an application. */
    String instancesOf(String application) {
        return "/" + (root.isEmpty() ? "services" : root) + "/" + application;
    }
}
