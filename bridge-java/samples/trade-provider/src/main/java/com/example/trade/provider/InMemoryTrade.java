package com.example.trade.provider;

import com.example.common.Result;
import com.example.trade.AlreadyPaidException;
import com.example.trade.PayChannel;
import com.example.trade.PayOrderRequest;
import com.example.trade.PayQuery;
import com.example.trade.PayStatus;
import com.example.trade.Payment;
import com.example.trade.RefundRequest;
import com.example.trade.TransAiFacade;
import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;

/** The rules of trade over a {@link Ledger}. */
public class InMemoryTrade implements TransAiFacade {
    static final String UNKNOWN = "2404";
    static final String CONFLICT = "2409";
    static final String PAID_BEFORE = "TRADE_ALREADY_PAID";
    private static final Pattern PAYMENT_ID = Pattern.compile("PAY[A-Z0-9-]{1,40}");
    private static final int DECIMALS = 2;

    private final Ledger ledger = new Ledger();

    @Override
    public Result<Payment> payOrder(PayOrderRequest request) throws AlreadyPaidException {
        require(request != null, "request is missing");
        require(request.getPaymentId() != null && PAYMENT_ID.matcher(request.getPaymentId()).matches(),
                "paymentId must be as order gave it (PAY…), not " + request.getPaymentId());
        requireAmount(request.getAmount());
        Ledger.Entry entry = ledger.open(request);
        synchronized (entry) {
            if (entry.isToldPaid()) {
                throw new AlreadyPaidException(PAID_BEFORE, request.getPaymentId());
            }
            require(entry.amount().compareTo(request.getAmount()) == 0,
                    "amount " + request.getAmount() + " differs from " + entry.amount() + " of the payment under way");
            return Result.ok(entry.tell());
        }
    }

    @Override
    public Result<Payment> refund(RefundRequest request) {
        require(request != null, "request is missing");
        if (request.getAmount() != null) {
            requireAmount(request.getAmount());
        }
        Ledger.Entry entry = ledger.byPaymentId(request.getPaymentId());
        if (entry == null) {
            return unknown(request.getPaymentId());
        }
        synchronized (entry) {
            Payment payment = entry.tell();
            BigDecimal left = payment.getAmount().subtract(payment.getRefundedAmount());
            BigDecimal wanted = request.getAmount() == null ? left : request.getAmount();
            if (payment.getStatus() != PayStatus.PAID || wanted.compareTo(left) > 0) {
                return Result.failure(CONFLICT, "payment is " + payment.getStatus() + ", " + left + " can be refunded, not " + wanted);
            }
            return Result.ok(entry.refund(wanted));
        }
    }

    @Override
    public Result<Payment> query(String paymentId) {
        Ledger.Entry entry = ledger.byPaymentId(paymentId);
        return entry == null ? unknown(paymentId) : Result.ok(entry.tell());
    }

    @Override
    public Result<Payment> query(long transactionId) {
        Ledger.Entry entry = ledger.byTransactionId(transactionId);
        return entry == null ? unknown(transactionId) : Result.ok(entry.tell());
    }

    @Override
    public Result<List<Payment>> query(PayQuery query) {
        require(query != null, "query is missing");
        return Result.ok(ledger.find(query));
    }

    private static Result<Payment> unknown(Object key) {
        return Result.failure(UNKNOWN, "no payment " + key);
    }

    private static void requireAmount(BigDecimal amount) {
        require(amount != null, "amount is missing");
        require(amount.signum() > 0, "amount must be above zero, not " + amount);
        require(amount.stripTrailingZeros().scale() <= DECIMALS, "amount has more than two decimals: " + amount);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /** How the entry of a request looks at first. */
    static PayChannel channelOf(PayOrderRequest request) {
        return request.getChannel() == null ? PayChannel.BALANCE : request.getChannel();
    }
}
