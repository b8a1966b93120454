package io.dubboworkbench.bridge.rpc;

import java.util.Map;
import org.apache.dubbo.common.URL;

/** Addresses as registered or written → those to connect to: a container registers one that only its own network knows. */
final class Hosts {
    private static final String FOUR = "127.0.0.1";
    private static final String SIX = "[::1]";
    private static final String AS_SIX = "[::ffff:";
    private static final int LOOK_MS = 500;

    private Hosts() {}

    /** @return the URL with the host and port to connect to; the same when it needs no change */
    static URL reachable(Map<String, String> hosts, URL url) {
        String mapped = mapped(hosts, url.getHost(), url.getPort());
        String host = mapped == null ? url.getHost() : mapped.substring(0, mapped.lastIndexOf(':'));
        int port = mapped == null ? url.getPort() : Integer.parseInt(mapped.substring(mapped.lastIndexOf(':') + 1));
        String there = loopback(host, port);
        return mapped == null && there.equals(host) ? url : url.setHost(there).setPort(port);
    }

    /**
     * In place of 127.x and localhost Dubbo connects to an address of the machine's network (NetUtils.filterLocalHost).
     * The same address written as an IPv6 one it lets be. Blocks for a moment at localhost, which has two addresses.
     */
    private static String loopback(String host, int port) {
        if (host.equalsIgnoreCase("localhost")) {
            return RegistryAddress.connect(FOUR + ":" + port, LOOK_MS) != null && RegistryAddress.connect(SIX + ":" + port, LOOK_MS) == null
                ? SIX : AS_SIX + FOUR + "]";
        }
        return host.matches("127(\\.\\d{1,3}){3}") ? AS_SIX + host + "]" : host;
    }

    /** The host as a person writes it: with brackets around an IPv6 address, and none of the above. */
    static String shown(String host) {
        if (host.startsWith(AS_SIX)) {
            return host.substring(AS_SIX.length(), host.length() - 1);
        }
        return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    }

    /** The direct URL with its protocol written out. */
    static String direct(Definition definition) {
        String url = definition.url();
        String scheme = definition.protocol().isEmpty() ? "dubbo" : definition.protocol();
        return url.contains("://") ? url : scheme + "://" + url;
    }

    /** @return HOST:PORT to connect to, or null when the address is to be used as it is */
    static String mapped(Map<String, String> hosts, String host, int port) {
        String bare = host.replaceAll("^\\[|\\]$", "");
        String found = null;
        for (String name : new String[] {host + ":" + port, "[" + bare + "]:" + port, host, bare}) {
            found = found == null ? hosts.get(name) : found;
        }
        if (found == null) {
            return null;
        }
        boolean withPort = found.matches(".*[^:]:\\d+|\\[.*\\]:\\d+");
        return withPort ? found : found + ":" + port;
    }
}
