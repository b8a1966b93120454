package com.example.zoo;

import java.io.Serializable;

/** A bean as most APIs have them. */
public class Person implements Serializable {
    private static final long serialVersionUID = 1L;

    private String name;
    private Integer age;
    private boolean active = true;

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public Integer getAge() {
        return age;
    }

    public void setAge(Integer age) {
        this.age = age;
    }

    public boolean isActive() {
        return active;
    }

    public void setActive(boolean active) {
        this.active = active;
    }
}
