package io.dubboworkbench.bridge.rpc;

import io.dubboworkbench.bridge.FailedException;
import io.dubboworkbench.bridge.json.JsonException;
import io.dubboworkbench.bridge.json.JsonParser;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.dubbo.common.URL;
import org.apache.zookeeper.KeeperException;

/**
 * What a ZooKeeper registry says about one interface: who offers it, and which methods it has. Opened for one question
 * and closed again; blocks. Layout: /dubbo/IFACE/providers, /dubbo/mapping/IFACE, /services/APP/INSTANCE,
 * /dubbo/metadata/IFACE/[VERSION/][GROUP/]provider/APP.
 */
final class RegistryView implements AutoCloseable {
    private static final int PATIENCE_MS = 3_000;
    private static final int SESSION_MS = 10_000;
    private static final int MAX_LEVELS = 3;

    /**
     * @param address HOST:PORT of a provider, or the application when only that is known
     * @param protocol dubbo, tri …; empty when it is not known
     * @param level interface or application
     */
    record Offer(String group, String version, String address, String protocol, String level) {
        /** `*` takes any, and groups may be several: `a,b` (Dubbo's UrlUtils.isMatch). */
        boolean fits(Definition asked) {
            boolean grouped = asked.group().equals("*") || asked.group().equals(group) || List.of(asked.group().split("\\s*,\\s*")).contains(group);
            return grouped && (asked.version().equals("*") || asked.version().equals(version));
        }

        /** `group blue and version 1.0`, `version 1.0`, `neither group nor version`. */
        static String named(String group, String version) {
            if (group.isEmpty() && version.isEmpty()) {
                return "neither group nor version";
            }
            String both = group.isEmpty() || version.isEmpty() ? "" : " and ";
            return (group.isEmpty() ? "" : "group " + group) + both + (version.isEmpty() ? "" : "version " + version);
        }
    }

    private final CuratorFramework zookeeper;
    private final RegistryAddress address;

    RegistryView(RegistryAddress address) {
        this.address = address;
        CuratorFrameworkFactory.Builder builder = CuratorFrameworkFactory.builder().connectString(String.join(",", address.hosts()))
            .connectionTimeoutMs(PATIENCE_MS).sessionTimeoutMs(SESSION_MS).retryPolicy(new RetryOneTime(200));
        if (!address.user().isEmpty()) {
            builder.authorization("digest", (address.user() + ":" + address.password()).getBytes(StandardCharsets.UTF_8));
        }
        this.zookeeper = builder.build();
        zookeeper.start();
    }

    /** Everyone who offers the interface, at interface and application level. */
    List<Offer> offers(String interfaceName) {
        Set<Offer> result = new LinkedHashSet<>();
        for (String provider : children(address.interfaces() + "/" + interfaceName + "/providers")) {
            URL url = URL.valueOf(URLDecoder.decode(provider, StandardCharsets.UTF_8));
            result.add(new Offer(url.getParameter("group", ""), url.getParameter("version", ""), hostAndPort(url), url.getProtocol(), "interface"));
        }
        for (String application : text(address.interfaces() + "/mapping/" + interfaceName).split(",")) {
            List<String> instances = application.isBlank() ? List.of() : children(address.applications() + "/" + application.trim());
            if (!instances.isEmpty()) {
                definitions(interfaceName, (name, definition) -> {
                    if (name.equals(application.trim())) {
                        Object parameters = inside(definition, "parameters");
                        result.add(new Offer(string(inside(parameters, "group")), string(inside(parameters, "version")), instances.get(0), "", "application"));
                    }
                });
            }
        }
        return new ArrayList<>(result);
    }

    /**
     * Who offers it as Dubbo 2.7 registers applications (`registry-type=service`): `APP (HOST:PORT)`. The mapping stands in
     * the configuration, and instances always below /services, without a revision; no later consumer reads that.
     */
    List<String> inOldForm(String interfaceName) {
        List<String> found = new ArrayList<>();
        for (String application : children(address.interfaces() + "/config/mapping/" + interfaceName)) {
            for (String instance : children("/services/" + application)) {
                int colon = instance.lastIndexOf(':');
                found.add(application + " (" + Hosts.shown(instance.substring(0, Math.max(colon, 0))) + instance.substring(Math.max(colon, 0)) + ")");
            }
        }
        return found;
    }

    private static String hostAndPort(URL url) {
        return Hosts.shown(url.getHost()) + ":" + url.getPort();
    }

    /** Signatures `name(type,type)` of the interface, as its providers published them; empty when they did not. */
    Set<String> signatures(String interfaceName) {
        Set<String> result = new TreeSet<>();
        definitions(interfaceName, (application, definition) -> {
            if (inside(definition, "methods") instanceof List<?> methods) {
                methods.forEach(method -> result.add(signature(method)));
            }
        });
        return result;
    }

    private void definitions(String interfaceName, BiConsumer<String, Object> sink) {
        collect(address.interfaces() + "/metadata/" + interfaceName, sink, 0);
    }

    private void collect(String path, BiConsumer<String, Object> sink, int depth) {
        for (String child : children(path)) {
            if (child.equals("consumer")) {
                continue;
            }
            Object node = parsed(text(path + "/" + child));
            if (inside(node, "canonicalName") != null) {
                sink.accept(child, node);
            } else if (depth < MAX_LEVELS) {
                collect(path + "/" + child, sink, depth + 1);
            }
        }
    }

    private static String signature(Object method) {
        List<String> types = new ArrayList<>();
        if (inside(method, "parameterTypes") instanceof List<?> given) {
            given.forEach(type -> types.add(String.valueOf(type).replaceAll("<.*>", "")));
        }
        return inside(method, "name") + "(" + String.join(",", types) + ")";
    }

    private List<String> children(String path) {
        try {
            return zookeeper.getChildren().forPath(path);
        } catch (KeeperException.NoNodeException nothing) {
            return List.of();
        } catch (Exception failure) { // Curator declares no less
            throw failed(failure);
        }
    }

    private String text(String path) {
        try {
            byte[] data = zookeeper.getData().forPath(path);
            return data == null ? "" : new String(data, StandardCharsets.UTF_8);
        } catch (KeeperException.NoNodeException nothing) {
            return "";
        } catch (Exception failure) { // Curator declares no less
            throw failed(failure);
        }
    }

    private FailedException failed(Exception failure) {
        if (failure instanceof KeeperException.NoAuthException || failure instanceof KeeperException.AuthFailedException) {
            return new FailedException("AUTH", "registry " + address.shown() + " refuses to be read: " + failure.getMessage(), RegistryAddress.AUTH_HINT);
        }
        return new FailedException("NETWORK", "registry " + address.shown() + " cannot be read: " + failure.getMessage(), "check that the registry runs");
    }

    private static Object parsed(String text) {
        try {
            return text.startsWith("{") ? JsonParser.parse(text) : null;
        } catch (JsonException foreign) {
            return null;
        }
    }

    private static Object inside(Object object, String... keys) {
        Object at = object;
        for (String key : keys) {
            at = at instanceof Map<?, ?> map ? map.get(key) : null;
        }
        return at;
    }

    private static String string(Object value) {
        return value == null ? "" : value.toString();
    }

    @Override
    public void close() {
        zookeeper.close();
    }
}
