package com.example.zoo;

import java.io.Serializable;

/** Classes in a class. */
public class Outer implements Serializable {
    private static final long serialVersionUID = 1L;

    public int number;

    /** An inner class: holds its outer one in a synthetic field. */
    public class Inner implements Serializable {
        private static final long serialVersionUID = 1L;

        public String label;
    }

    /** A static nested class. */
    public static class Nested implements Serializable {
        private static final long serialVersionUID = 1L;

        public String label;
        public Deep deep;

        /** Two levels down. */
        public static class Deep implements Serializable {
            private static final long serialVersionUID = 1L;

            public long level;
        }
    }
}
