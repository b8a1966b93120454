package com.example.zoo;

import java.io.Serializable;
import java.util.Objects;

/** Classes whose fields are not those of a plain bean. */
public final class Fields {
    private Fields() {}

    /** Final fields, a constructor that refuses null. */
    public static final class Final implements Serializable {
        private static final long serialVersionUID = 1L;

        private final String key;
        private final int size;

        public Final(String key, int size) {
            this.key = Objects.requireNonNull(key, "key");
            this.size = size;
        }

        public String getKey() {
            return key;
        }

        public int getSize() {
            return size;
        }
    }

    /** A transient field, and a getter without a field. */
    public static class Transient implements Serializable {
        private static final long serialVersionUID = 1L;

        private String kept;
        private transient String cache;

        public String getKept() {
            return kept;
        }

        public void setKept(String kept) {
            this.kept = kept;
        }

        public String getCache() {
            return cache;
        }

        public void setCache(String cache) {
            this.cache = cache;
        }

        public int getLength() {
            return kept == null ? 0 : kept.length();
        }
    }

    /** No accessors at all. */
    public static class Bare implements Serializable {
        private static final long serialVersionUID = 1L;

        private String text;
        private long number;

        @Override
        public String toString() {
            return text + number;
        }
    }

    /** Values that are there unless the request says otherwise. */
    public static class Defaults implements Serializable {
        private static final long serialVersionUID = 1L;

        public String text = "default";
        public Integer number = 7;
        public int primitive = 8;
    }

    /** Made by a builder, without setters. */
    public static final class Built implements Serializable {
        private static final long serialVersionUID = 1L;

        private final String name;
        private final long size;

        private Built(Builder builder) {
            this.name = builder.name;
            this.size = builder.size;
        }

        public static Builder builder() {
            return new Builder();
        }

        public String getName() {
            return name;
        }

        public long getSize() {
            return size;
        }

        /** The way to a Built. */
        public static final class Builder {
            private String name;
            private long size;

            public Builder name(String value) {
                this.name = value;
                return this;
            }

            public Builder size(long value) {
                this.size = value;
                return this;
            }

            public Built build() {
                return new Built(this);
            }
        }
    }

    /** Accessors as Lombok makes them with fluent = true, chain = true. */
    public static class Fluent implements Serializable {
        private static final long serialVersionUID = 1L;

        private String name;
        private int count;

        public String name() {
            return name;
        }

        public Fluent name(String value) {
            this.name = value;
            return this;
        }

        public int count() {
            return count;
        }

        public Fluent count(int value) {
            this.count = value;
            return this;
        }
    }

    /** Nothing inside. */
    public static class Empty implements Serializable {
        private static final long serialVersionUID = 1L;
    }
}
