package com.example.zoo;

import java.io.Serializable;

/** A generic class whose inner class uses its type variable. */
public class Shelf<T> implements Serializable {
    private static final long serialVersionUID = 1L;

    private Slot slot;

    public Slot getSlot() {
        return slot;
    }

    public void setSlot(Slot slot) {
        this.slot = slot;
    }

    /** Has no type variable of its own. */
    public class Slot implements Serializable {
        private static final long serialVersionUID = 1L;

        private T thing;

        public T getThing() {
            return thing;
        }

        public void setThing(T thing) {
            this.thing = thing;
        }
    }

    /** Says what the type variable is. */
    public static class Numbered extends Shelf<Long> {
        private static final long serialVersionUID = 1L;
    }
}
