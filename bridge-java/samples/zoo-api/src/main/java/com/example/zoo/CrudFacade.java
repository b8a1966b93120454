package com.example.zoo;

import java.util.List;
import java.util.Map;

/** A generic super-interface: over the wire its methods have erased parameters. */
public interface CrudFacade<T, K> extends Observed {
    T save(T value);

    K id(K value);

    List<T> all(List<T> value);

    Map<K, T> byId(Map<K, T> value);

    T[] array(T[] value);

    List<T[]> batches(List<T[]> value);

    Box<T> box(Box<T> value);
}
