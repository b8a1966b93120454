package com.example.trade.provider;

import com.example.trade.PayChannel;
import com.example.trade.PayOrderRequest;
import com.example.trade.PayQuery;
import com.example.trade.PayStatus;
import com.example.trade.Payment;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** All payments, in memory; the oldest are forgotten, so that a load test does not fill it. */
final class Ledger {
    private static final int REMEMBERED = 20_000;
    private static final int LIST_LIMIT = 200;
    /** Nineteen digits, beyond what a double can tell apart, and new ones after a restart. */
    private static final long IDS_PER_MILLISECOND = 1_000_000;

    private final Map<String, Entry> byPaymentId = new LinkedHashMap<>();
    private final Map<Long, Entry> byTransactionId = new HashMap<>();
    private long nextTransaction = System.currentTimeMillis() * IDS_PER_MILLISECOND + 1;

    /** The entry of the payment, a new one if there is none. */
    synchronized Entry open(PayOrderRequest request) {
        Entry entry = byPaymentId.get(request.getPaymentId());
        if (entry == null) {
            entry = new Entry(request, nextTransaction++);
            byPaymentId.put(request.getPaymentId(), entry);
            byTransactionId.put(entry.payment.getTransactionId(), entry);
            forgetOldest();
        }
        return entry;
    }

    private void forgetOldest() {
        if (byPaymentId.size() > REMEMBERED) {
            Entry oldest = byPaymentId.values().iterator().next();
            byPaymentId.remove(oldest.payment.getPaymentId());
            byTransactionId.remove(oldest.payment.getTransactionId());
        }
    }

    synchronized Entry byPaymentId(String paymentId) {
        return byPaymentId.get(paymentId);
    }

    synchronized Entry byTransactionId(long transactionId) {
        return byTransactionId.get(transactionId);
    }

    /** Newest first. */
    List<Payment> find(PayQuery query) {
        List<Entry> all;
        synchronized (this) {
            all = List.copyOf(byPaymentId.values());
        }
        return all.stream().map(Entry::show).filter(payment -> fits(payment, query))
                .sorted((one, other) -> Long.compare(other.getTransactionId(), one.getTransactionId()))
                .limit(LIST_LIMIT).collect(Collectors.toList());
    }

    private static boolean fits(Payment payment, PayQuery query) {
        LocalDateTime created = payment.getCreatedAt().toInstant().atZone(ZoneId.systemDefault()).toLocalDateTime();
        return (query.getPayerId() == null || query.getPayerId().equals(payment.getPayerId()))
                && (query.getStatus() == null || query.getStatus() == payment.getStatus())
                && (query.getCreatedAfter() == null || created.isAfter(query.getCreatedAfter()));
    }

    /** One payment and how far it has come. A bank settles after a while or when it was asked often enough. */
    static final class Entry {
        private static final long SETTLES_AFTER_NS = 300_000_000L;
        private static final int SETTLES_AT_LOOK = 3;

        private final Payment payment = new Payment();
        private final long opened = System.nanoTime();
        private int looks;

        private Entry(PayOrderRequest request, long transactionId) {
            payment.setPaymentId(request.getPaymentId());
            payment.setTransactionId(transactionId);
            payment.setPayerId(request.getPayerId());
            payment.setAmount(request.getAmount());
            payment.setRefundedAmount(BigDecimal.ZERO);
            payment.setChannel(InMemoryTrade.channelOf(request));
            payment.setStatus(PayStatus.PAYING);
            payment.setCreatedAt(new Date());
            payment.setAttributes(request.getAttributes());
        }

        BigDecimal amount() {
            return payment.getAmount();
        }

        /** Whether somebody has been told that it is paid. */
        synchronized boolean isToldPaid() {
            return payment.getStatus() != PayStatus.PAYING;
        }

        /** Its present state for somebody who asked for this payment. */
        synchronized Payment tell() {
            looks++;
            return show();
        }

        /** Its present state for a list; as a copy that nobody changes while it is being sent. */
        synchronized Payment show() {
            boolean settled = payment.getChannel() == PayChannel.BALANCE || looks >= SETTLES_AT_LOOK || System.nanoTime() - opened > SETTLES_AFTER_NS;
            if (settled && payment.getStatus() == PayStatus.PAYING) {
                payment.setStatus(PayStatus.PAID);
                payment.setPaidAt(LocalDateTime.now().truncatedTo(ChronoUnit.MILLIS));
            }
            return copy();
        }

        synchronized Payment refund(BigDecimal amount) {
            payment.setRefundedAmount(payment.getRefundedAmount().add(amount));
            if (payment.getRefundedAmount().compareTo(payment.getAmount()) == 0) {
                payment.setStatus(PayStatus.REFUNDED);
            }
            return copy();
        }

        private Payment copy() {
            Payment copy = new Payment();
            copy.setPaymentId(payment.getPaymentId());
            copy.setTransactionId(payment.getTransactionId());
            copy.setPayerId(payment.getPayerId());
            copy.setAmount(payment.getAmount());
            copy.setRefundedAmount(payment.getRefundedAmount());
            copy.setStatus(payment.getStatus());
            copy.setChannel(payment.getChannel());
            copy.setCreatedAt(payment.getCreatedAt());
            copy.setPaidAt(payment.getPaidAt());
            copy.setAttributes(payment.getAttributes());
            return copy;
        }
    }
}
