package com.example.order.provider;

import com.example.common.Result;
import com.example.order.BizOrder;
import com.example.order.BizOrderRequest;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.function.Consumer;

/** A release of order with a defect: good answers of bizOrder and queryOrder come out changed. */
final class ChangedOrders extends InMemoryOrders {
    static final BigDecimal CENT = new BigDecimal("0.01");

    private final Consumer<Result<BizOrder>> defect;

    ChangedOrders(Consumer<Result<BizOrder>> defect) {
        this.defect = defect;
    }

    @Override
    public Result<BizOrder> bizOrder(BizOrderRequest request) {
        return changed(super.bizOrder(request));
    }

    @Override
    public Result<BizOrder> queryOrder(long orderId) {
        return changed(super.queryOrder(orderId));
    }

    private Result<BizOrder> changed(Result<BizOrder> result) {
        if (result.isSuccess()) {
            result.getData().setItems(new ArrayList<>(result.getData().getItems()));
            defect.accept(result);
            result.getData().setItems(new ArrayList<>(result.getData().getItems())); // a sub-list cannot be sent
        }
        return result;
    }
}
