package com.example.zoo;

import java.io.Serializable;

/** An abstract class. */
public abstract class Animal implements Serializable {
    private static final long serialVersionUID = 1L;

    public String name;

    /** One subclass. */
    public static class Dog extends Animal {
        private static final long serialVersionUID = 1L;

        public int tricks;
    }

    /** One that can be compared, as the bound of GenericFacade.twice wants it. */
    public static class Snail extends Animal implements Comparable<Snail> {
        private static final long serialVersionUID = 1L;

        public int pace;

        @Override
        public int compareTo(Snail other) {
            return Integer.compare(pace, other.pace);
        }
    }

    /** Another one. */
    public static class Cat extends Animal {
        private static final long serialVersionUID = 1L;

        public Integer lives;
        public Animal prey;
    }
}
