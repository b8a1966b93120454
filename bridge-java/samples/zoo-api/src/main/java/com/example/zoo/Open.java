package com.example.zoo;

import java.io.Serializable;
import java.util.List;
import java.util.Map;

/** Fields that may hold anything. */
public class Open implements Serializable {
    private static final long serialVersionUID = 1L;

    public Object any;
    public Object[] array;
    public List<Object> list;
    public Map<String, Object> map;
    public Serializable serializable;
    public Comparable<?> comparable;
    public Shape shape;
    public Animal animal;
    public Number number;
    public Class<?> type;
}
