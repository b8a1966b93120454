package com.example.zoo;

import java.io.Serializable;

/** Fields named as the marks that JSON forms use, and as such with one more sign. */
public class Marked implements Serializable {
    private static final long serialVersionUID = 1L;

    public String $class;
    public String $ref;
    public Marked $entries;
    public Object $value;
    public Integer $$class;
}
