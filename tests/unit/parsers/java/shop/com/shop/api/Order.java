package com.shop.api;

import com.shop.base.Entity;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

public class Order extends Entity<Long> {
    private BigDecimal amount;
    private Status status;
    private List<Line> lines;
    private Map<String, List<String>> labels;
    private Order parent;
    private byte[][] attachments;
    private Pair<String, Long>.Half half;

    public static class Line {
        private String sku;
        private int quantity;
        private Note note;

        public class Note {
            private String text;
        }
    }

    public enum Status {
        NEW("n"),
        PAID("p") {
            @Override
            boolean open() {
                return false;
            }
        };

        private final String code;

        Status(String code) {
            this.code = code;
        }

        boolean open() {
            return true;
        }
    }
}
