package com.shop.base;

import java.util.List;
import java.util.Map;

public interface Finder<T> {
    List<T> find(String query);

    Map<String, ? extends T[]> grouped(List<? super T> samples, T[] exclude);
}
