package com.example.trade.provider;

import com.example.common.Result;
import com.example.trade.AlreadyPaidException;
import com.example.trade.PayOrderRequest;
import com.example.trade.Payment;

/** A trade with a defect: it does not notice that a payment is paid already. */
final class PayTwiceTrade extends InMemoryTrade {
    static final String VARIANT = "pay-twice";

    @Override
    public Result<Payment> payOrder(PayOrderRequest request) {
        try {
            return super.payOrder(request);
        } catch (AlreadyPaidException unnoticed) {
            return query(request.getPaymentId());
        }
    }
}
