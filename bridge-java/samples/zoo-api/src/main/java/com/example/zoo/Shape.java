package com.example.zoo;

import java.io.Serializable;
import java.math.BigDecimal;

/** A sealed type of records and a class. */
public sealed interface Shape extends Serializable permits Shape.Circle, Shape.Square, Shape.Polygon {
    /** A record. */
    record Circle(double radius) implements Shape {}

    /** A record with a scale. */
    record Square(BigDecimal side) implements Shape {}

    /** A class that may have subclasses. */
    non-sealed class Polygon implements Shape {
        private static final long serialVersionUID = 1L;

        public int corners;
    }
}
