package io.dubboworkbench.bridge.rpc;

import java.util.Map;

/** Registered addresses → reachable ones: a container registers an address that only its own network knows. */
final class Hosts {
    private Hosts() {}

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
