package com.example.order.provider;

import com.example.order.BizOrderRequest;
import com.example.order.OrderItem;
import java.math.BigDecimal;
import java.util.List;

/** What a request must be. */
final class OrderRules {
    private static final int DECIMALS = 2;

    private OrderRules() {}

    /** The first rule that is broken, or null. */
    static Refusal check(BizOrderRequest request) {
        if (request == null) {
            return new Refusal(Refusal.MALFORMED, "request is missing");
        }
        if (isBlank(request.getBuyerId())) {
            return new Refusal(Refusal.MALFORMED, "buyerId is missing");
        }
        BigDecimal amount = request.getAmount();
        if (amount == null || amount.signum() <= 0 || amount.stripTrailingZeros().scale() > DECIMALS) {
            return new Refusal(Refusal.AMOUNT, "amount must be above zero with at most two decimals, not " + amount);
        }
        return hasItems(request) ? checkItems(request.getItems(), amount) : null;
    }

    private static Refusal checkItems(List<OrderItem> items, BigDecimal amount) {
        BigDecimal sum = BigDecimal.ZERO;
        for (OrderItem item : items) {
            if (item == null || isBlank(item.getSku()) || item.getQty() <= 0 || item.getPrice() == null || item.getPrice().signum() < 0) {
                return new Refusal(Refusal.MALFORMED, "item " + items.indexOf(item) + " needs a sku, a qty above zero and a price");
            }
            sum = sum.add(item.getPrice().multiply(BigDecimal.valueOf(item.getQty())));
        }
        return sum.compareTo(amount) == 0 ? null : new Refusal(Refusal.SUM, "the items sum up to " + sum + ", amount is " + amount);
    }

    static boolean hasItems(BizOrderRequest request) {
        return request.getItems() != null && !request.getItems().isEmpty();
    }

    private static boolean isBlank(String text) {
        return text == null || text.isBlank();
    }
}
