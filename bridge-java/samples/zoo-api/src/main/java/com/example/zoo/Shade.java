package com.example.zoo;

import java.io.Serializable;
import java.util.List;

/** One name on three levels, each time of another type. */
public class Shade implements Serializable {
    private static final long serialVersionUID = 1L;

    public Integer code;
    public String top;

    /** Hides it with a text. */
    public static class Middle extends Shade {
        private static final long serialVersionUID = 1L;

        public String code;
    }

    /** Hides both. */
    public static class Low extends Middle {
        private static final long serialVersionUID = 1L;

        public List<Long> code;
        public String low;
    }
}
