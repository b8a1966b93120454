package io.dubboworkbench.bridge;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a call changes or passes over without an error: each kind once, with its first places. For one thread at a time. */
public final class Notes {
    private static final int KINDS = 20;
    private static final int PLACES = 3;
    private static final int SHOWN = 120; // characters of a place; the end tells more

    private final Map<String, Kind> kinds = new LinkedHashMap<>();

    private static final class Kind {
        private final List<String> places = new ArrayList<>(PLACES);
        private int count;
    }

    /** @param what without a full stop; places are added behind it */
    public void add(String what, String place) {
        Kind kind = kinds.size() < KINDS ? kinds.computeIfAbsent(what, text -> new Kind()) : kinds.get(what);
        if (kind != null && kind.count++ < PLACES) {
            kind.places.add(place.length() <= SHOWN ? place : "…" + place.substring(place.length() - SHOWN));
        }
    }

    public List<String> texts() {
        List<String> texts = new ArrayList<>(kinds.size());
        kinds.forEach((what, kind) -> {
            int more = kind.count - kind.places.size();
            texts.add(String.join(", ", kind.places) + (more > 0 ? " and " + more + " more" : "") + ": " + what);
        });
        return texts;
    }
}
