package com.example.zoo;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Arrays, collections, maps, optionals. */
public interface ContainerFacade extends Observed {
    boolean[] booleans(boolean[] value);

    short[] shorts(short[] value);

    int[] ints(int[] value);

    long[] longs(long[] value);

    float[] floats(float[] value);

    double[] doubles(double[] value);

    Integer[] boxes(Integer[] value);

    String[] texts(String[] value);

    BigDecimal[] decimals(BigDecimal[] value);

    Color[] colors(Color[] value);

    Point[] points(Point[] value);

    String[][] grid(String[][] value);

    long[][][] cube(long[][][] value);

    byte[][] chunks(byte[][] value);

    Object[] objects(Object[] value);

    List<String>[] lists(List<String>[] value);

    List<Long> longList(List<Long> value);

    List<Short> shortList(List<Short> value);

    List<Byte> byteList(List<Byte> value);

    List<Float> floatList(List<Float> value);

    List<Character> charList(List<Character> value);

    List<BigDecimal> decimalList(List<BigDecimal> value);

    List<LocalDate> dateList(List<LocalDate> value);

    List<byte[]> bytesList(List<byte[]> value);

    List<Color> colorList(List<Color> value);

    List<Point> pointList(List<Point> value);

    List<List<Map<String, Long>>> nested(List<List<Map<String, Long>>> value);

    List<? extends Number> upper(List<? extends Number> value);

    List<? super Integer> lower(List<? super Integer> value);

    List<?> wild(List<?> value);

    Collection<String> collection(Collection<String> value);

    Amounts amounts(Amounts value);

    Ledger ledger(Ledger value);

    ArrayList<String> arrayList(ArrayList<String> value);

    LinkedList<Long> linkedList(LinkedList<Long> value);

    Set<String> set(Set<String> value);

    Set<Character> charSet(Set<Character> value);

    SortedSet<Integer> sortedSet(SortedSet<Integer> value);

    EnumSet<Color> enumSet(EnumSet<Color> value);

    Queue<String> queue(Queue<String> value);

    Deque<Long> deque(Deque<Long> value);

    Map<String, Object> any(Map<String, Object> value);

    Map<String, String> textMap(Map<String, String> value);

    Map<Integer, String> byInt(Map<Integer, String> value);

    Map<Long, List<BigDecimal>> byLong(Map<Long, List<BigDecimal>> value);

    Map<Boolean, Byte> byBool(Map<Boolean, Byte> value);

    Map<Color, Integer> byColor(Map<Color, Integer> value);

    Map<UUID, LocalDate> byUuid(Map<UUID, LocalDate> value);

    Map<Point, String> byPoint(Map<Point, String> value);

    Map<Money, List<Money>> byMoney(Map<Money, List<Money>> value);

    Map<String, Float> floatMap(Map<String, Float> value);

    EnumMap<Color, Point> enumMap(EnumMap<Color, Point> value);

    SortedMap<String, Integer> sortedMap(SortedMap<String, Integer> value);

    NavigableMap<Long, String> navigableMap(NavigableMap<Long, String> value);

    TreeMap<String, Point> treeMap(TreeMap<String, Point> value);

    ConcurrentMap<String, Long> concurrentMap(ConcurrentMap<String, Long> value);

    ConcurrentHashMap<String, Integer> concurrentHashMap(ConcurrentHashMap<String, Integer> value);

    Optional<Integer> optional(Optional<Integer> value);

    OptionalInt optionalInt(OptionalInt value);

    /** Runs on the provider. */
    default Map<String, String> tags() {
        return new HashMap<>(Map.of("class", "com.example.zoo.Point", "name", "a"));
    }
}
