package com.example.order.provider;

import com.example.common.Page;
import com.example.common.PageRequest;
import com.example.common.Result;
import com.example.order.BizOrder;
import com.example.order.BizOrderAiFacade;
import com.example.order.BizOrderRequest;
import com.example.order.OrderStatus;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;

/** The rules of order over an {@link OrderBook}. */
public class InMemoryOrders implements BizOrderAiFacade {
    private static final int LARGEST_PAGE = 200;

    private final OrderBook book = new OrderBook();

    @Override
    public Result<BizOrder> bizOrder(BizOrderRequest request) {
        Refusal refusal = OrderRules.check(request);
        return refusal != null ? refusal.result() : book.place(request);
    }

    @Override
    public Result<BizOrder> queryOrder(long orderId) {
        BizOrder order = book.find(orderId);
        return order == null ? Refusal.unknown(orderId).result() : Result.ok(order);
    }

    @Override
    public Result<Page<BizOrder>> listOrders(PageRequest request) {
        if (request == null || request.getPageNumber() < 1 || request.getPageSize() < 1 || request.getPageSize() > LARGEST_PAGE) {
            return Result.failure(Refusal.MALFORMED, "pages count from 1 and hold 1 to " + LARGEST_PAGE);
        }
        List<BizOrder> all = book.newestFirst();
        long from = Math.min((long) (request.getPageNumber() - 1) * request.getPageSize(), all.size());
        Page<BizOrder> page = new Page<>();
        page.setTotal(all.size());
        page.setPageNumber(request.getPageNumber());
        page.setPageSize(request.getPageSize());
        page.setRecords(new ArrayList<>(all.subList((int) from, (int) Math.min(from + request.getPageSize(), all.size()))));
        return Result.ok(page);
    }

    @Override
    public Result<BizOrder> cancelOrder(long orderId, String reason) {
        if (reason == null || reason.isBlank()) {
            return Result.failure(Refusal.MALFORMED, "reason is missing");
        }
        return book.change(orderId, order -> {
            if (order.getStatus() == OrderStatus.CANCELLED) {
                return Result.failure(Refusal.CONFLICT, "order " + orderId + " is cancelled already");
            }
            order.setStatus(OrderStatus.CANCELLED);
            order.setUpdatedAt(new Date());
            return Result.ok(order);
        });
    }

    @Override
    public Result<Long> countOrders(String buyerId) {
        return Result.ok(book.newestFirst().stream().filter(order -> order.getBuyerId().equals(buyerId)).count());
    }
}
