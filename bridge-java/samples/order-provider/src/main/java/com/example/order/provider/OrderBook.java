package com.example.order.provider;

import com.example.common.Result;
import com.example.order.BizOrder;
import com.example.order.BizOrderRequest;
import com.example.order.OrderItem;
import com.example.order.OrderStatus;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All orders, in memory; the oldest are forgotten, so that a load test does not fill it. Answers are copies. */
final class OrderBook {
    private static final int REMEMBERED = 20_000;
    /** Nineteen digits, beyond what a double can tell apart, and new ones after a restart. */
    private static final long IDS_PER_MILLISECOND = 1_000_000;

    private final Map<Long, BizOrder> orders = new LinkedHashMap<>();
    private final Map<String, Long> byKey = new HashMap<>();
    private final Map<Long, String> keys = new HashMap<>();
    private long nextId = System.currentTimeMillis() * IDS_PER_MILLISECOND + 1;

    synchronized Result<BizOrder> place(BizOrderRequest request) {
        String key = Boolean.TRUE.equals(request.getIdempotentFlag()) ? keyOf(request) : null;
        BizOrder earlier = key == null ? null : orders.get(byKey.get(key));
        if (earlier != null) {
            return earlier.getAmount().compareTo(request.getAmount()) == 0 ? Result.ok(copy(earlier))
                    : Result.failure(Refusal.CONFLICT, "key " + key + " was used for an order of " + earlier.getAmount());
        }
        BizOrder order = create(request);
        orders.put(order.getOrderId(), order);
        if (key != null) {
            byKey.put(key, order.getOrderId());
            keys.put(order.getOrderId(), key);
        }
        forgetOldest();
        return Result.ok(copy(order));
    }

    /** The caller's number; else the buyer with the key; else the buyer with the amount. */
    private static String keyOf(BizOrderRequest request) {
        if (request.getRequestNo() != null) {
            return "request " + request.getRequestNo();
        }
        String rest = request.getIdempotentKey() != null ? "key " + request.getIdempotentKey()
                : "amount " + request.getAmount().stripTrailingZeros().toPlainString();
        return "buyer " + request.getBuyerId() + ", " + rest;
    }

    private void forgetOldest() {
        if (orders.size() > REMEMBERED) {
            Long oldest = orders.keySet().iterator().next();
            orders.remove(oldest);
            byKey.remove(keys.remove(oldest));
        }
    }

    synchronized BizOrder find(long orderId) {
        BizOrder order = orders.get(orderId);
        return order == null ? null : copy(order);
    }

    /** Changes an order under lock; the change gets the order itself and answers what the caller is to see. */
    synchronized Result<BizOrder> change(long orderId, Function<BizOrder, Result<BizOrder>> change) {
        BizOrder order = orders.get(orderId);
        if (order == null) {
            return Refusal.unknown(orderId).result();
        }
        Result<BizOrder> result = change.apply(order);
        if (result.isSuccess()) {
            result.setData(copy(order));
        }
        return result;
    }

    synchronized List<BizOrder> newestFirst() {
        List<BizOrder> all = orders.values().stream().map(OrderBook::copy).collect(Collectors.toList());
        Collections.reverse(all);
        return all;
    }

    private BizOrder create(BizOrderRequest request) {
        BizOrder order = new BizOrder();
        order.setOrderId(nextId++);
        order.setPaymentId(paymentIdOf(order));
        order.setRequestNo(request.getRequestNo());
        order.setBuyerId(request.getBuyerId());
        order.setAmount(request.getAmount());
        order.setPoints(request.getAmount().min(BigDecimal.valueOf(Integer.MAX_VALUE)).intValue());
        order.setStatus(OrderStatus.CREATED);
        order.setCreatedAt(LocalDateTime.now().truncatedTo(ChronoUnit.MILLIS));
        order.setUpdatedAt(new Date());
        order.setDeliverAt(request.getDeliverAt());
        order.setItems(OrderRules.hasItems(request) ? new ArrayList<>(request.getItems()) : goodsAndFreight(request.getAmount()));
        order.setLabels(request.getLabels() == null ? new HashMap<>() : request.getLabels());
        order.setShipTo(request.getShipTo());
        return order;
    }

    /** Made anew and never read back: in some answer variants an order does not have it. */
    private static String paymentIdOf(BizOrder order) {
        return "PAY" + order.getOrderId();
    }

    private static List<OrderItem> goodsAndFreight(BigDecimal amount) {
        List<OrderItem> items = new ArrayList<>();
        items.add(item("GOODS", amount));
        items.add(item("FREIGHT", BigDecimal.ZERO.setScale(amount.scale() < 0 ? 0 : amount.scale())));
        return items;
    }

    private static OrderItem item(String sku, BigDecimal price) {
        OrderItem item = new OrderItem();
        item.setSku(sku);
        item.setName(sku.toLowerCase(Locale.ROOT));
        item.setQty(1);
        item.setPrice(price);
        return item;
    }

    private static BizOrder copy(BizOrder order) {
        BizOrder copy = new BizOrder();
        copy.setOrderId(order.getOrderId());
        copy.setPaymentId(paymentIdOf(order));
        copy.setRequestNo(order.getRequestNo());
        copy.setBuyerId(order.getBuyerId());
        copy.setAmount(order.getAmount());
        copy.setPoints(order.getPoints());
        copy.setStatus(order.getStatus());
        copy.setCreatedAt(order.getCreatedAt());
        copy.setUpdatedAt(order.getUpdatedAt());
        copy.setDeliverAt(order.getDeliverAt());
        copy.setItems(order.getItems());
        copy.setLabels(order.getLabels());
        copy.setShipTo(order.getShipTo());
        return copy;
    }
}
