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

    /** Another one. */
    public static class Cat extends Animal {
        private static final long serialVersionUID = 1L;

        public Integer lives;
        public Animal prey;
    }
}
