package io.dubboworkbench.bridge.write;

import io.dubboworkbench.bridge.bind.Chosen;
import java.math.BigDecimal;
import java.math.BigInteger;

/** `{"$class": …, "$value": …}`: a value in an open place, so that a request made of the answer means the same class. */
record StatedWriter(Writer inner) implements Writer {
    private static final BigInteger MIN_LONG = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MAX_LONG = BigInteger.valueOf(Long.MAX_VALUE);

    /** Whether it is what a request's JSON is read as anyway. */
    static boolean isPlain(Object value) {
        if (value instanceof Long number) {
            return number < Integer.MIN_VALUE || number > Integer.MAX_VALUE;
        }
        if (value instanceof BigInteger number) {
            return number.compareTo(MIN_LONG) < 0 || number.compareTo(MAX_LONG) > 0;
        }
        return value instanceof String || value instanceof Boolean || value instanceof Integer || (value instanceof BigDecimal decimal && decimal.scale() > 0);
    }

    @Override
    public void write(Out out, Object value) {
        out.text.append("{\"$class\":\"").append(Chosen.named(value.getClass())).append("\",\"$value\":");
        int entered = out.enter("$value");
        inner.write(out, value);
        out.leave(entered);
        out.text.append('}');
    }
}
