package com.shop.impl;

import com.shop.api.*;
import com.shop.base.Conflict;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.apache.dubbo.config.annotation.DubboService;

@DubboService(group = "shop", version = "${order.version}", timeout = 3000, parameters = {"a", "b"})
public class OrderFacadeImpl implements Serializable, OrderFacade, Audited {
    public Order get(Long orderId) {
        return null;
    }

    public Order create(Order order, String... tags) throws Conflict {
        return order;
    }

    public Order save(Order changed) {
        return changed;
    }

    public List<Order> find(String text) {
        return null;
    }

    public Map<String, ? extends Order[]> grouped(List<? super Order> examples, Order[] without) {
        return null;
    }

    public <T extends Comparable<T>> T greatest(T left, T right) {
        return left;
    }

    public Map<String, List<? extends Order.Line[]>> lines(List<? super Order.Line> samples, int[][] counts) {
        return null;
    }

    public <N extends Number & Comparable<N>> N largest(N first, List<N> more) {
        return first;
    }

    public <X extends Exception> void fail(Class<X> kind) throws X {
    }

    public Pair<Order.Status, ?> pair() {
        return null;
    }

    public List rows() {
        return null;
    }

    public long count(long lower, double upper) {
        return 0;
    }

    public void audit(String who) {
    }
}
