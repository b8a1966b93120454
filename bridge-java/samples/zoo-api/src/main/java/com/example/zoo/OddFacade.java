package com.example.zoo;

import java.net.InetAddress;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/** Types that are seldom seen in an API, and collections as the JDK's own methods make them. */
public interface OddFacade extends Observed {
    BitSet bits(BitSet value);

    Iterator<Long> iterator(Iterator<Long> value);

    Iterable<Long> iterable(Iterable<Long> value);

    Enumeration<String> enumeration(Enumeration<String> value);

    AtomicReference<String> reference(AtomicReference<String> value);

    InetAddress address(InetAddress value);

    Map<String, Duration> durations(Map<String, Duration> value);

    Map<Period, Duration> periods(Map<Period, Duration> value);

    Map<LocalDate, List<Period>> days(Map<LocalDate, List<Period>> value);

    OptionalLong optionalLong(OptionalLong value);

    OptionalDouble optionalDouble(OptionalDouble value);

    LinkedHashMap<String, Integer> ordered(LinkedHashMap<String, Integer> value);

    int[][] rows(int[][] value);

    Map.Entry<String, Long> entry(Map.Entry<String, Long> value);

    List<Map.Entry<String, Long>> entries(List<Map.Entry<String, Long>> value);

    Odd odd(Odd value);

    /** Runs on the provider. */
    default List<Long> list(String kind) {
        List<Long> plain = new ArrayList<>(List.of(1L, 2L));
        return switch (kind) {
            case "asList" -> Arrays.asList(1L, 2L);
            case "of" -> List.of(1L, 2L);
            case "toList" -> plain.stream().toList();
            case "unmodifiable" -> Collections.unmodifiableList(plain);
            case "synchronized" -> Collections.synchronizedList(plain);
            case "subList" -> plain.subList(0, 2);
            case "singleton" -> Collections.singletonList(1L);
            case "copies" -> Collections.nCopies(2, 1L);
            case "empty" -> Collections.emptyList();
            default -> List.of();
        };
    }

    /** Runs on the provider. */
    default Collection<String> collection(String kind) {
        Map<String, String> map = new TreeMap<>(Map.of("a", "b"));
        return switch (kind) {
            case "keys" -> map.keySet();
            case "values" -> map.values();
            case "of" -> Set.of("a");
            case "unmodifiable" -> Collections.unmodifiableSet(map.keySet());
            default -> Collections.emptySet();
        };
    }

    /** Runs on the provider. */
    default Map<String, Long> map(String kind) {
        Map<String, Long> plain = new LinkedHashMap<>();
        plain.put("b", 1L);
        plain.put("a", 2L);
        return switch (kind) {
            case "of" -> Map.of("a", 2L);
            case "unmodifiable" -> Collections.unmodifiableMap(plain);
            case "synchronized" -> Collections.synchronizedMap(plain);
            case "singleton" -> Collections.singletonMap("a", 2L);
            default -> Collections.emptyMap();
        };
    }

    /** Runs on the provider. */
    default Set<Color> colors(String kind) {
        return kind.equals("enums") ? EnumSet.of(Color.RED) : Set.of();
    }
}
