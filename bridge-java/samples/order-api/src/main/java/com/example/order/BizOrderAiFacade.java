package com.example.order;

import com.example.common.Page;
import com.example.common.PageRequest;
import com.example.common.Result;

/**
 * Orders. Codes: 0000 done, 1001 something is missing or malformed, 1002 the amount is no price, 1003 the items do not
 * sum up to it, 1404 no such order, 1409 the order or the key is in no state for this.
 */
public interface BizOrderAiFacade {
    /** Places an order and opens its payment. */
    Result<BizOrder> bizOrder(BizOrderRequest request);

    /** One order by its number. */
    Result<BizOrder> queryOrder(long orderId);

    /** Newest first. */
    Result<Page<BizOrder>> listOrders(PageRequest request);

    /** Cancels an order that is not cancelled yet. */
    Result<BizOrder> cancelOrder(long orderId, String reason);

    /** How many orders a buyer has. */
    Result<Long> countOrders(String buyerId);
}
