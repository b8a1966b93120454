package com.open;

import java.io.Serializable;
import java.util.List;

/** Abstract types where values are declared, a base class where none is. */
public interface DeliveryFacade {
    void deliver(List<? extends Parcel> parcels, Slip slip);

    abstract class Parcel implements Serializable {
        public Label label;
    }

    class Box extends Parcel {
        public int height;
    }

    class GiftBox extends Box {
        public Ribbon ribbon;
    }

    class Ribbon implements Serializable {
        public String colour;
    }

    interface Label extends Serializable {}

    enum Standard implements Label {
        SMALL, LARGE
    }

    abstract class Document implements Serializable {
        public long number;
    }

    class Slip extends Document {}

    class Invoice extends Document {}
}
