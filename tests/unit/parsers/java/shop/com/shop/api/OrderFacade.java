package com.shop.api;

import com.shop.base.Conflict;
import com.shop.base.CrudFacade;
import java.util.List;
import java.util.Map;

public interface OrderFacade extends CrudFacade<Order, Long> {
    @Override
    Order get(Long id);

    Order create(Order order, String... tags) throws Conflict;

    Map<String, List<? extends Order.Line[]>> lines(List<? super Order.Line> samples, int[][] counts);

    <N extends Number & Comparable<N>> N largest(N first, List<N> more);

    <X extends Exception> void fail(Class<X> kind) throws X;

    Pair<Order.Status, ?> pair();

    List rows();

    long count(long from, double to);

    @Override
    String toString();

    static OrderFacade none() {
        return null;
    }
}
