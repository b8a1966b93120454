package com.example.notify.provider;

import com.example.notify.NotifyChannel;
import com.example.notify.NotifyReceipt;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** All messages, in memory, newest first; the oldest are forgotten, so that a load test does not fill it. */
final class Mailbox {
    private static final int REMEMBERED = 20_000;
    /** Nineteen digits, beyond what a double can tell apart, and new ones after a restart. */
    private static final long IDS_PER_MILLISECOND = 1_000_000;

    private final boolean delivers;
    private final Deque<NotifyReceipt> messages = new ArrayDeque<>();
    private long nextId = System.currentTimeMillis() * IDS_PER_MILLISECOND + 1;

    Mailbox(boolean delivers) {
        this.delivers = delivers;
    }

    /** Nobody changes a receipt once it is here, so it is handed out as it is. */
    synchronized NotifyReceipt put(String paymentId, NotifyChannel channel, String receiver, String content) {
        NotifyReceipt receipt = new NotifyReceipt();
        receipt.setMessageId(nextId++);
        receipt.setPaymentId(paymentId);
        receipt.setChannel(channel);
        receipt.setReceiver(receiver);
        receipt.setContent(content);
        receipt.setDelivered(delivers);
        receipt.setSentAt(LocalDateTime.now().truncatedTo(ChronoUnit.MILLIS));
        messages.addFirst(receipt);
        if (messages.size() > REMEMBERED) {
            messages.removeLast();
        }
        return receipt;
    }

    synchronized List<NotifyReceipt> of(String receiver, int limit) {
        List<NotifyReceipt> found = new ArrayList<>();
        for (Iterator<NotifyReceipt> each = messages.iterator(); each.hasNext() && found.size() < limit;) {
            NotifyReceipt receipt = each.next();
            if (receipt.getReceiver().equals(receiver)) {
                found.add(receipt);
            }
        }
        return found;
    }
}
