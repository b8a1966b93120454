package io.dubboworkbench.bridge.write;

import java.lang.reflect.Type;
import java.util.Collection;

/** Lists, sets and queues as arrays, in their own order. */
record CollectionWriter(Writers writers, Type element) implements Writer {
    @Override
    public void write(Out out, Object value) {
        if (!out.open(value)) {
            return;
        }
        Writer writer = writers.of(element);
        int index = 0;
        out.text.append('[');
        for (Object item : (Collection<?>) value) {
            if (index > 0) {
                out.text.append(',');
            }
            int entered = out.enter(index++);
            writer.write(out, item);
            out.leave(entered);
        }
        out.text.append(']');
        out.close();
    }
}
