package io.dubboworkbench.bridge.bind;

import java.util.BitSet;

/** A BitSet as the list of the bits that are set: `[0, 5]`. */
record BitsReader(Reader numbers) implements Reader {
    private static final int HIGHEST = 1 << 24; // a set as large as its highest bit is made

    @Override
    public Object read(Object json, Place place) {
        int[] bits = (int[]) numbers.read(json, place);
        BitSet result = new BitSet();
        for (int i = 0; i < bits.length; i++) {
            if (bits[i] < 0 || bits[i] > HIGHEST) {
                place.problemAt(i, "a bit is a number from 0 to " + HIGHEST);
            } else if (result.get(bits[i]) && place.problems().isEmpty()) {
                place.problemAt(i, "the same bit twice");
            } else {
                result.set(bits[i]);
            }
        }
        return result;
    }
}
