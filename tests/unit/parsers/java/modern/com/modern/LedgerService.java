package com.modern;

import java.time.LocalDate;
import java.util.List;

public interface LedgerService {
    Posting post(Posting posting);

    Money total(List<? extends Account> accounts, LocalDate day);

    record Money(java.math.BigDecimal amount, Currency currency) implements Comparable<Money> {
        static final Money ZERO = null;

        public int compareTo(Money other) {
            return 0;
        }
    }

    enum Currency {
        EUR,
        CNY
    }

    record Box<T extends Comparable<T>>(T content, List<Box<T>> inner) {
    }

    class Posting {
        public Account from;
        public Box<String> box;
        public Money money;
    }

    private void hidden() {
    }
}
