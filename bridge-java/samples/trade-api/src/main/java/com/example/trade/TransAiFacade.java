package com.example.trade;

import com.example.common.Result;
import java.util.List;

/** Payments and refunds. */
public interface TransAiFacade {
    /**
     * Pays a payment. Over {@link PayChannel#BANK} the answer is PAYING first; paying or asking again brings PAID in the end.
     *
     * @throws AlreadyPaidException if the payment is paid already
     * @throws IllegalArgumentException if the amount is missing, not above zero or has more than two decimals
     */
    Result<Payment> payOrder(PayOrderRequest request) throws AlreadyPaidException;

    /** Refunds all or a part; code 2404 for an unknown payment, 2409 when it is not paid or less is left. */
    Result<Payment> refund(RefundRequest request);

    /** By payment number; code 2404 if there is none. */
    Result<Payment> query(String paymentId);

    /** By transaction number; code 2404 if there is none. */
    Result<Payment> query(long transactionId);

    /** All that fit, newest first, at most 200. */
    Result<List<Payment>> query(PayQuery query);
}
