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

    /** One order by the caller's number of the request that placed it. */
    Result<BizOrder> queryByRequestNo(String requestNo);

    /** Newest first. */
    Result<Page<BizOrder>> listOrders(PageRequest request);

    /** Cancels an order that is not cancelled yet. */
    Result<BizOrder> cancelOrder(CancelOrderRequest request);
}
