package io.dubboworkbench.bridge.rpc;

import io.dubboworkbench.bridge.FailedException;
import io.dubboworkbench.bridge.Failure;
import io.dubboworkbench.bridge.rpc.RegistryView.Offer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Asks the registry why a call had nowhere to go: is it down itself, are there providers of another version or group,
 * which methods are there? An answer holds for a second, for many calls fail together. Blocks.
 */
final class Diagnosis {
    private static final long HOLDS_NS = 1_000_000_000L;
    private static final int SHOWN = 8;
    private static final int PROBED = 3;
    private static final int CONNECT_MS = 1_500;
    private final Map<Definition, Finding> findings = new ConcurrentHashMap<>();

    private record Finding(long at, Failure failure) {}

    boolean wanted(Failure failure) {
        return failure.cause().equals("NO_PROVIDER") || failure.cause().equals("NO_METHOD") || failure.cause().equals("NETWORK")
            || failure.cause().equals("VERSION_MISMATCH");
    }

    /** @param provider HOST:PORT that was tried, or empty */
    Failure refine(Definition definition, Reference reference, Failure first, String provider) {
        if (first.cause().equals("VERSION_MISMATCH")) {
            return Echo.answered(reference) ? unreadable(definition, first) : first;
        }
        if (first.cause().equals("NETWORK") && !provider.isEmpty()) {
            return unreachable(first, provider);
        }
        Finding known = findings.compute(definition, (key, old) ->
            old != null && System.nanoTime() - old.at() < HOLDS_NS && old.failure().cause().equals(first.cause())
                ? old : new Finding(System.nanoTime(), examine(definition, first)));
        return known.failure();
    }

    private static Failure examine(Definition definition, Failure first) {
        try {
            if (definition.direct()) {
                return direct(definition, first);
            }
            if (first.cause().equals("NETWORK")) {
                return first;
            }
            return first.cause().equals("NO_METHOD") ? methods(definition, first) : offers(definition, first);
        } catch (FailedException failed) {
            return failed.failure();
        }
    }

    /** The provider says the same of a service that it has not and of a request that it cannot read. */
    private static Failure unreadable(Definition definition, Failure first) {
        return Failure.of("SERIALIZATION", "the provider offers " + definition.interfaceName() + ", but cannot read this request of " + definition.title(),
            "the class of an argument may be unknown there, forbidden by its serialization check, or none that hessian2 can carry; the provider's log names it");
    }

    private static Failure direct(Definition definition, Failure first) {
        String url = Hosts.direct(definition);
        return unreachable(first, url.substring(url.indexOf("://") + 3).split("[/?]")[0]);
    }

    private static Failure unreachable(Failure first, String provider) {
        String reason = RegistryAddress.connect(provider, CONNECT_MS);
        return reason == null ? first : Failure.of("NETWORK", "the provider cannot be reached: " + reason, "check that it runs and that its address can be reached from here");
    }

    private static Failure offers(Definition definition, Failure first) {
        List<Offer> offers = new ArrayList<>();
        for (String registry : definition.registries()) {
            RegistryAddress address = RegistryAddress.parse(registry);
            String reason = address.unreachable();
            if (reason != null) {
                return Failure.of("NETWORK", "registry " + address.shown() + " cannot be reached: " + reason, "check that the registry runs");
            }
            try (RegistryView view = new RegistryView(address)) {
                offers.addAll(view.offers(definition.interfaceName()));
            }
        }
        if (offers.isEmpty()) {
            return Failure.of("NO_PROVIDER", "no provider of " + definition.interfaceName() + " is registered in " + definition.place(),
                "start the provider; `workbench services` lists what there is");
        }
        List<Offer> same = offers.stream().filter(offer -> offer.group().equals(definition.group()) && offer.version().equals(definition.version())).toList();
        if (!same.isEmpty()) {
            return registered(definition, first, same);
        }
        String shown = offers.stream().map(Offer::shown).distinct().limit(SHOWN).collect(Collectors.joining(", "));
        String asked = Failures.described(definition).isEmpty() ? " without group and version" : Failures.described(definition);
        return Failure.of("VERSION_MISMATCH", "no provider of " + definition.interfaceName() + asked + "; there are: " + shown, "set group and version of the step or the environment");
    }

    /** They are registered, and still Dubbo found none to call: dead ones whose session has not ended, or rules. */
    private static Failure registered(Definition definition, Failure first, List<Offer> offers) {
        String last = "";
        for (Offer offer : offers.subList(0, Math.min(PROBED, offers.size()))) {
            String reason = RegistryAddress.connect(connectAddress(definition, offer.address()), CONNECT_MS);
            if (reason == null) {
                return Failure.of("NO_PROVIDER", first.message(), "providers are registered, but tag, routing rules or their state leave none: check dubbo.tag and the rules");
            }
            last = reason;
        }
        return Failure.of("NETWORK", "a provider is registered, but cannot be reached: " + last, "it may have died a moment ago, or its address needs an entry in the environment's host map");
    }

    private static String connectAddress(Definition definition, String address) {
        int colon = address.lastIndexOf(':');
        String mapped = Hosts.mapped(definition.hosts(), address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
        return mapped == null ? address : mapped;
    }

    private static Failure methods(Definition definition, Failure first) {
        Set<String> there = signatures(definition);
        return there.isEmpty() ? first : Failure.of("NO_METHOD", first.message(), "the providers offer " + there.stream().limit(40).collect(Collectors.joining("; ")));
    }

    /** Signatures out of the registry's metadata; empty when there are none. @throws FailedException when it cannot be read */
    static Set<String> signatures(Definition definition) {
        Set<String> there = new TreeSet<>();
        for (String registry : definition.registries()) {
            try (RegistryView view = new RegistryView(RegistryAddress.parse(registry))) {
                there.addAll(view.signatures(definition.interfaceName()));
            }
        }
        return there;
    }
}
