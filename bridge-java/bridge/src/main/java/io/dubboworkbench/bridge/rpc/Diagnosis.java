package io.dubboworkbench.bridge.rpc;

import io.dubboworkbench.bridge.FailedException;
import io.dubboworkbench.bridge.Failure;
import io.dubboworkbench.bridge.rpc.RegistryView.Offer;
import io.dubboworkbench.bridge.rpc.Routes.Forced;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.dubbo.common.URL;

/**
 * Asks the registry why a call had nowhere to go: is it down itself, are there providers of another version or group,
 * which methods are there? An answer holds for a second, for many calls fail together. Blocks.
 */
final class Diagnosis {
    private static final long HOLDS_NS = 1_000_000_000L;
    private static final int SHOWN = 8;
    private static final int PLACES = 3;
    private static final int PROBED = 3;
    private static final int CONNECT_MS = 1_500;
    private static final int LEAST_MS = 100;
    private static final String OTHER_NETWORK = "; one that only its own network knows needs an entry under `hosts` of the environment";
    private final Map<Place, Finding> findings = new ConcurrentHashMap<>();

    private final Set<Way> answered = ConcurrentHashMap.newKeySet();

    /** @param first what Dubbo said, failure: what it means; its age is that of its end: to look may take its second itself */
    private record Finding(long at, Failure first, Failure failure) {
        static Finding now(Failure first, Failure failure) {
            return new Finding(System.nanoTime(), first, failure);
        }
    }

    /** To an address, with or without TLS. */
    private record Way(String url, Map<String, String> tls, String address) {}

    private record Place(Definition definition, Peer peer) {}

    private final References references;

    Diagnosis(References references) {
        this.references = references;
    }

    /** An answer came from there. */
    void reached(Definition definition, Peer peer) {
        answered.add(new Way(definition.url(), definition.tls(), peer.address()));
    }

    /**
     * Whether Dubbo has lost its connection to a provider that has answered before and still takes new ones, as one does
     * over tri that could not write an answer. Dubbo connects again, and until then passes the provider over.
     */
    boolean isReconnecting(Definition definition, Reference reference) {
        List<String> lost = definition.direct() ? List.of(address(definition))
            : Routes.lost(reference).stream().map(url -> connectAddress(definition, Peer.at(url).address())).toList();
        return lost.stream().anyMatch(address -> answered.contains(new Way(definition.url(), definition.tls(), address)) && RegistryAddress.connect(address, CONNECT_MS) == null);
    }

    boolean wanted(Definition definition, Failure failure) {
        return switch (failure.cause()) {
            case "NO_PROVIDER", "NO_METHOD", "NETWORK", "VERSION_MISMATCH" -> true;
            case "TIMEOUT" -> definition.direct() && (scheme(definition).equals("tri") || Tls.isAsked(definition)); // what a dubbo port does with it
            default -> false;
        };
    }

    /**
     * @param peer who was called, NOBODY when nobody was chosen
     * @param refusable classes of the request that the provider may refuse
     * @param leftMs of the call's own time: an address that answers nothing is not waited for any longer
     */
    Failure refine(Definition definition, Reference reference, Failure first, Peer peer, List<String> refusable, long leftMs) {
        Finding known = findings.compute(new Place(definition, peer), (key, old) ->
            old != null && System.nanoTime() - old.at() < HOLDS_NS && old.first().equals(first)
                ? old : Finding.now(first, examine(definition, reference, first, peer, patience(leftMs))));
        boolean named = known.failure().cause().equals("SERIALIZATION") && isCommon(definition) && !refusable.isEmpty();
        return named ? Failure.of("SERIALIZATION", known.failure().message() + ": it refuses " + String.join(", ", refusable), AllowList.hint(refusable)) : known.failure();
    }

    private static int patience(long leftMs) {
        return (int) Math.min(CONNECT_MS, Math.max(LEAST_MS, leftMs));
    }

    /** Why an address of its own takes no connection in the time given, where it says nothing at all; null: it says something. */
    static Failure silence(Definition definition, int patienceMs) {
        String reason = definition.direct() ? RegistryAddress.connect(address(definition), patienceMs) : null;
        return reason != null && reason.endsWith("timed out") ? unreachable(definition, reason) : null;
    }

    private static Failure unreachable(Definition definition, String reason) {
        return Failure.of("NETWORK", "the provider cannot be reached: " + reason,
            "check that it runs and that its address can be reached from here" + (definition.direct() ? "" : OTHER_NETWORK));
    }

    private Failure examine(Definition definition, Reference reference, Failure first, Peer peer, int patienceMs) {
        try {
            return switch (first.cause()) {
                case "VERSION_MISMATCH" -> references.offered(definition) ? unread(definition) : patterned(definition, first);
                case "NETWORK" -> network(definition, first, peer, patienceMs);
                case "TIMEOUT" -> silent(definition, first, peer);
                case "NO_METHOD" -> definition.direct() ? first : methods(definition, first);
                case "NO_PROVIDER" -> definition.direct() ? network(definition, first, peer, patienceMs) : offers(definition, Routes.forced(reference), first);
                default -> first;
            };
        } catch (FailedException failed) {
            return failed.failure();
        }
    }

    private static boolean isCommon(Definition definition) {
        return definition.serialization().isEmpty() || definition.serialization().equals(References.COMMON);
    }

    /** Dubbo has one answer to a service that it has not and to a request that it cannot read. */
    private static Failure unread(Definition definition) {
        String what = "the provider offers " + definition.interfaceName() + Failures.described(definition) + ", but cannot read the request";
        if (isCommon(definition)) {
            return Failure.of("SERIALIZATION", what, "a class of the request may be unknown there, missing in its " + AllowList.FILE + ", a record where the provider is on Dubbo before 3.3, or none that hessian2 can carry; the provider's log names it");
        }
        return Failure.of("SERIALIZATION", what + " in serialization " + definition.serialization() + "; it reads " + References.COMMON,
            "take the serialization out, or let the provider offer it (prefer-serialization, and its library)");
    }

    /** A `*` or a list of groups that reached the provider as it stands: it knows only what it has itself. */
    private static Failure patterned(Definition definition, Failure first) {
        String pattern = definition.pattern();
        if (pattern.isEmpty()) {
            return first;
        }
        if (definition.direct()) {
            return Failure.of(first.cause(), first.message(), "a registry knows what `*` and lists of groups stand for, an address does not: write the " + pattern + " itself");
        }
        String fitting = offered(definition).stream().filter(offer -> offer.fits(definition))
            .map(offer -> Offer.named(offer.group(), offer.version())).distinct().limit(SHOWN).collect(Collectors.joining(", or "));
        return fitting.isEmpty() ? first : Failure.of(first.cause(), first.message(),
            "one registered by application that has no " + pattern + " is sent the pattern itself, by every consumer, and refuses it: write " + fitting);
    }

    private static List<Offer> offered(Definition definition) {
        List<Offer> offers = new ArrayList<>();
        for (String registry : definition.registries()) {
            try (RegistryView view = new RegistryView(RegistryAddress.parse(registry))) {
                offers.addAll(view.offers(definition.interfaceName()));
            }
        }
        return offers;
    }

    /** Each group and version once, those of the group first, with some addresses: many of one must not hide another. */
    private static String shown(List<Offer> offers, String group) {
        Map<String, Set<String>> places = new LinkedHashMap<>();
        offers.stream().sorted(Comparator.<Offer, Boolean>comparing(offer -> !offer.group().equals(group)).thenComparing(Offer::group).thenComparing(Offer::version)).forEach(offer -> places.computeIfAbsent(Offer.named(offer.group(), offer.version()), name -> new TreeSet<>()).add(offer.address()));
        return first(SHOWN, places.entrySet().stream().map(each -> each.getKey() + " (" + first(PLACES, each.getValue().stream(), " ") + ")"), ", ");
    }

    /** As many as that, and a sign that there are more. */
    private static String first(int count, Stream<String> texts, String between) {
        List<String> all = texts.toList();
        List<String> told = all.size() <= count ? all : Stream.concat(all.stream().limit(count), Stream.of("…")).toList();
        return String.join(between, told);
    }

    /** Is nobody there, is it TLS, or another protocol? */
    private static Failure network(Definition definition, Failure first, Peer peer, int patienceMs) {
        String place = peer.address().isEmpty() && definition.direct() ? address(definition) : peer.address();
        if (place.isEmpty()) {
            return first;
        }
        String reason = RegistryAddress.connect(place, patienceMs);
        if (reason != null) {
            return Failures.isHungUp(first) ? first : unreachable(definition, reason);
        }
        Peer there = new Peer(place, peer.protocol(), peer.secure());
        String spoken = spoken(there);
        Failure tls = Handshake.explain(there, spoken, definition.tls());
        if (tls == null && spoken.isEmpty() && first.cause().equals("NO_PROVIDER")) { // Dubbo passes over whom it could not stay with
            return unreachable(definition, place + " takes connections and speaks neither dubbo nor tri on them");
        }
        return tls != null ? tls : otherProtocol(definition, first, spoken);
    }

    /** Slow, or unable to make anything of what it gets? */
    private static Failure silent(Definition definition, Failure first, Peer peer) {
        String spoken = spoken(peer);
        Failure tls = spoken.isEmpty() ? null : Handshake.explain(peer, spoken, definition.tls());
        return tls != null ? tls : otherProtocol(definition, first, spoken);
    }

    /** dubbo or tri; empty when it says neither without TLS. */
    private static String spoken(Peer peer) {
        int colon = peer.address().lastIndexOf(':');
        return colon < 0 ? "" : Wire.protocol(peer.address().substring(0, colon), Integer.parseInt(peer.address().substring(colon + 1)));
    }

    private static Failure otherProtocol(Definition definition, Failure first, String spoken) {
        if (!definition.direct() || spoken.isEmpty() || spoken.equals(scheme(definition))) {
            return first;
        }
        String place = Hosts.direct(definition).replaceFirst("^.*?://", "").split("[/?]")[0];
        return Failure.of("NETWORK", place + " speaks " + spoken + ", and was called with " + scheme(definition), "write " + spoken + "://" + place);
    }

    private static String address(Definition definition) {
        URL there = Hosts.reachable(Map.of(), URL.valueOf(Hosts.direct(definition)));
        return Hosts.shown(there.getHost()) + ":" + there.getPort();
    }

    private static String scheme(Definition definition) {
        return Hosts.direct(definition).split("://", 2)[0];
    }

    private static Failure offers(Definition definition, Forced forced, Failure first) {
        List<Offer> offers = new ArrayList<>();
        List<String> old = new ArrayList<>();
        for (String registry : definition.registries()) {
            RegistryAddress address = RegistryAddress.parse(registry);
            String reason = address.unreachable();
            if (reason != null) {
                return Failure.of("NETWORK", "registry " + address.shown() + " cannot be reached: " + reason, "check that the registry runs");
            }
            try (RegistryView view = new RegistryView(address)) {
                offers.addAll(view.offers(definition.interfaceName()));
                old.addAll(offers.isEmpty() ? view.inOldForm(definition.interfaceName()) : List.of());
            }
        }
        if (offers.isEmpty() && !old.isEmpty()) {
            return Failure.of("NO_PROVIDER", definition.interfaceName() + " is registered by application in the form of Dubbo 2.7 alone, which no later consumer reads: " + String.join(", ", old),
                "call it by its address (url: dubbo://HOST:PORT), or let it register by interface, without registry-type=service");
        }
        if (offers.isEmpty()) {
            return Failure.of("NO_PROVIDER", "no provider of " + definition.interfaceName() + " is registered in " + definition.place(),
                "start the provider; `workbench services` lists what there is");
        }
        List<Offer> same = offers.stream().filter(offer -> offer.fits(definition)).toList();
        if (forced != null && !same.isEmpty() && same.stream().noneMatch(offer -> offer.level().equals(forced.level()))) {
            return migrated(definition, forced, same);
        }
        if (!same.isEmpty()) {
            return registered(definition, first, same);
        }
        return Failure.of("VERSION_MISMATCH", definition.interfaceName() + " is offered with " + shown(offers, definition.group()) + "; asked for: " + Offer.named(definition.group(), definition.version()),
            "set group and version of the step or the environment");
    }

    private static Failure migrated(Definition definition, Forced forced, List<Offer> offers) {
        String rule = "the rule " + Applications.consumer(definition.consumer()) + ".migration (step " + forced.step() + ")";
        String providers = offers.size() == 1 ? "the one provider" : "the " + offers.size() + " providers";
        return Failure.of("NO_PROVIDER", rule + " leaves none of " + providers + " of " + definition.interfaceName() + Failures.described(definition)
                + ": registered by " + offers.get(0).level() + " only",
            "`workbench services` shows the rule; APPLICATION_FIRST takes both, or call under the name of another consumer");
    }

    /** They are registered, and still Dubbo found none to call: dead ones whose session has not ended, or rules. */
    private static Failure registered(Definition definition, Failure first, List<Offer> offers) {
        String last = "";
        List<String> spoken = offers.stream().map(Offer::protocol).filter(name -> !name.isEmpty()).distinct().toList();
        if (!definition.protocol().isEmpty() && !spoken.isEmpty() && !spoken.contains(definition.protocol())) {
            return Failure.of("NO_PROVIDER", "no provider of " + definition.interfaceName() + " speaks " + definition.protocol() + "; they speak " + String.join(", ", spoken),
                "take the protocol out, or set one of theirs");
        }
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
        if (definition.erased() != null && there.contains(definition.method() + "(" + String.join(",", definition.erased()) + ")")) {
            return Failure.of("NO_METHOD", first.message(), "the provider has it, but takes it only typed, as services by IDL do: add the API artifact");
        }
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
