package io.dubboworkbench.bridge.rpc;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.dubbo.config.RegistryConfig;

/**
 * `zookeeper://[user:password@]HOST:PORT[,HOST:PORT…][/ROOT][?parameters]`.
 *
 * @param root Dubbo's root path, which is the registry's group; empty for the default, also when it is written out
 */
record RegistryAddress(String scheme, String user, String password, List<String> hosts, String root, String query) {
    private static final int CONNECT_MS = 1_500;
    private static final int GREETING_MS = 4_000; // on a busy machine
    private static final int REGISTRY_MS = 5_000;
    private static final int DEFAULT_PORT = 2181;

    static final String AUTH_HINT = "put user:password into the environment variable WORKBENCH_ZK_AUTH";

    static RegistryAddress parse(String address) {
        int colon = address.indexOf("://");
        String scheme = colon < 0 ? "zookeeper" : address.substring(0, colon);
        String rest = colon < 0 ? address : address.substring(colon + 3);
        int mark = rest.indexOf('?');
        String query = mark < 0 ? "" : rest.substring(mark + 1);
        rest = mark < 0 ? rest : rest.substring(0, mark);
        int at = rest.lastIndexOf('@');
        String[] credentials = credentials(at < 0 ? null : rest.substring(0, at));
        rest = rest.substring(at + 1);
        int slash = rest.indexOf('/');
        String root = slash < 0 ? "" : rest.substring(slash + 1).replaceAll("/+$", "");
        List<String> hosts = new ArrayList<>(List.of((slash < 0 ? rest : rest.substring(0, slash)).split(",")));
        for (String part : query.split("&")) {
            if (part.startsWith("backup=")) {
                hosts.addAll(List.of(part.substring(7).split(",")));
            } else if (part.startsWith("group=") && root.isEmpty()) {
                root = part.substring(6);
            }
        }
        return new RegistryAddress(scheme, credentials[0], credentials[1], hosts, root.equals("dubbo") ? "" : root, query);
    }

    /** Those of the address, else those of the environment; never on a command line. */
    private static String[] credentials(String inAddress) {
        String given = inAddress != null ? decoded(inAddress) : System.getenv("WORKBENCH_ZK_AUTH");
        int colon = given == null ? -1 : given.indexOf(':');
        return colon < 0 ? new String[] {"", ""} : new String[] {given.substring(0, colon), given.substring(colon + 1)};
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** Without the password. */
    String shown() {
        return scheme + "://" + String.join(",", hosts) + (root.isEmpty() ? "" : "/" + root);
    }

    /** Where providers register at interface level, and where mapping and metadata are. */
    String interfaces() {
        return "/" + (root.isEmpty() ? "dubbo" : root);
    }

    /** Where they register at application level: the registry's group, when it has one. */
    String applications() {
        return "/" + (root.isEmpty() ? "services" : root);
    }

    RegistryConfig config() {
        String backup = hosts.size() > 1 ? "?backup=" + String.join(",", hosts.subList(1, hosts.size())) : "";
        RegistryConfig config = new RegistryConfig(scheme + "://" + hosts.get(0) + backup);
        if (!root.isEmpty()) {
            config.setGroup(root); // "dubbo" by name would move the application level from /services to /dubbo
        }
        config.setCheck(false);
        config.setRegister(false); // a visitor: no consumer node is left in their registry
        config.setTimeout(REGISTRY_MS);
        if (!user.isEmpty()) {
            config.setUsername(user);
            config.setPassword(password);
        }
        return config;
    }

    /** Null when one of the hosts answers as a registry does, else what went wrong with the last. */
    String unreachable() {
        String last = "no host in it";
        for (String host : hosts) {
            last = connect(host, CONNECT_MS, scheme.equals("zookeeper") ? GREETING_MS : 0);
            if (last == null) {
                return null;
            }
        }
        return last;
    }

    /** Null when HOST[:PORT] takes a connection, else the reason. */
    static String connect(String hostAndPort, int patienceMs) {
        return connect(hostAndPort, patienceMs, 0);
    }

    /** @param greetingMs how long to wait for ZooKeeper's first words; 0: they are not asked for */
    private static String connect(String hostAndPort, int patienceMs, int greetingMs) {
        int colon = hostAndPort.endsWith("]") ? -1 : hostAndPort.lastIndexOf(':');
        String host = (colon < 0 ? hostAndPort : hostAndPort.substring(0, colon)).replaceAll("^\\[|\\]$", "");
        try (Socket socket = new Socket()) {
            int port = colon < 0 ? DEFAULT_PORT : Integer.parseInt(hostAndPort.substring(colon + 1));
            socket.connect(new InetSocketAddress(host, port), patienceMs);
            String refusal = greetingMs == 0 ? null : Greeting.refusal(socket, greetingMs);
            return refusal == null ? null : hostAndPort + ": " + refusal;
        } catch (IOException | IllegalArgumentException refused) {
            return hostAndPort + ": " + (refused instanceof java.net.UnknownHostException ? "unknown host" : refused.getMessage());
        }
    }
}
