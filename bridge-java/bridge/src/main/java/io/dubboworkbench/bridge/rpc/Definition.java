package io.dubboworkbench.bridge.rpc;

import io.dubboworkbench.bridge.FailedException;
import io.dubboworkbench.bridge.bind.Zone;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/**
 * What is called, and where.
 *
 * @param erased parameter types as Dubbo writes them; null: not known
 * @param registries addresses; empty when url is given
 * @param url direct address, or empty
 * @param hosts registered host (or host:port) → the one to connect to
 * @param artifacts paths; empty: generic calls
 * @param mode typed, generic, or empty for typed where possible
 * @param timezone of times that say none, as ZoneId reads it; empty: this JVM's
 * @param returns what a generic call answers, as the contract has it; empty: not known
 * @param exact whether the contract tells type variables apart from Object
 * @param unchecked whether the arguments go as they are written, however many there are
 * @param oneway sent without waiting for an answer
 * @param consumer what this side calls itself: rules speak of applications by name
 * @param stating whether an answer says the classes of values in open places
 * @param untold whether the contract has more to say than stands here: a generic call wants it
 * @param tls paths trust, certificate, key (PEM) and the key's password, as far as given; empty: plain connections
 */
record Definition(
    String interfaceName, String method, List<String> erased, List<String> registries, String url, Map<String, String> hosts, String group,
    String version, String protocol, List<String> artifacts, String serialization, String mode, String timezone, List<String> parameters,
    Map<String, Object> types, String returns, boolean exact, boolean unchecked, boolean oneway, String consumer, Map<String, String> tls, boolean stating, boolean untold) {

    private static final List<String> PROTOCOLS = List.of("dubbo", "tri");
    private static final List<String> SERIALIZATIONS = List.of("hessian2", "fastjson2"); // those in the bridge's jar

    @SuppressWarnings("unchecked")
    static Definition of(Map<String, Object> fields) {
        return new Definition(
            (String) fields.get("interface"), (String) fields.get("method"), (List<String>) fields.get("erased"),
            (List<String>) fields.get("registries"), (String) fields.get("url"), (Map<String, String>) fields.get("hosts"),
            (String) fields.get("group"), (String) fields.get("version"), (String) fields.get("protocol"),
            (List<String>) fields.get("artifacts"), (String) fields.get("serialization"), (String) fields.get("mode"), (String) fields.getOrDefault("timezone", ""),
            (List<String>) fields.get("parameters"), (Map<String, Object>) fields.getOrDefault("types", Map.of()),
            (String) fields.getOrDefault("returns", ""), Boolean.TRUE.equals(fields.get("exact")),
            Boolean.TRUE.equals(fields.get("unchecked")), Boolean.TRUE.equals(fields.get("oneway")), (String) fields.getOrDefault("consumer", ""), (Map<String, String>) fields.getOrDefault("tls", Map.of()),
            Boolean.TRUE.equals(fields.get("stating")), Boolean.TRUE.equals(fields.get("untold")));
    }

    Definition withErased(List<String> raw) {
        return with(raw, registries, serialization);
    }

    Definition withSerialization(String name) {
        return with(erased, registries, name);
    }

    Definition withRegistries(List<String> addresses) {
        return with(erased, addresses, serialization);
    }

    private Definition with(List<String> raw, List<String> addresses, String name) {
        return new Definition(
            interfaceName, method, raw, addresses, url, hosts, group, version, protocol, artifacts, name, mode, timezone, parameters, types,
            returns, exact, unchecked, oneway, consumer, tls, stating, untold);
    }

    /**
     * @throws FailedException when there is no such protocol or serialization (Dubbo would take another without a word),
     *     or TLS files cannot be used
     */
    void check() {
        int scheme = url.indexOf("://");
        known("protocol", scheme < 0 ? "" : url.substring(0, scheme), PROTOCOLS);
        known("protocol", protocol, PROTOCOLS);
        known("serialization", serialization, SERIALIZATIONS);
        Tls.check(tls);
    }

    private static void known(String what, String name, List<String> names) {
        if (!name.isEmpty() && !names.contains(name)) {
            throw new FailedException("CONFIG", "there is no " + what + " " + name + " here", "write " + String.join(" or ", names));
        }
    }

    /** @throws FailedException when there is none of that name */
    ZoneId zone() {
        return Zone.of(timezone);
    }

    boolean direct() {
        return !url.isEmpty();
    }

    /** Which of group and version is a pattern, `*` or a list of groups: "group and version", "group", "version", "". */
    String pattern() {
        String ofGroup = manyGroups() ? "group" : "";
        String ofVersion = version.equals("*") ? "version" : "";
        return ofGroup + (ofGroup.isEmpty() || ofVersion.isEmpty() ? "" : " and ") + ofVersion;
    }

    /** Then Dubbo's directories ask no router: neither tags nor rules hold (RegistryDirectory, multiGroup). */
    boolean manyGroups() {
        return group.equals("*") || group.contains(",");
    }

    String title() {
        return interfaceName + "#" + method + (erased == null ? "" : "(" + String.join(",", erased) + ")");
    }

    /** Where the provider is looked for, for messages. */
    String place() {
        return direct() ? url : String.join(", ", registries.stream().map(address -> RegistryAddress.parse(address).shown()).toList());
    }
}
