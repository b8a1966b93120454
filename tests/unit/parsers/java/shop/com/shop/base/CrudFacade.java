package com.shop.base;

import java.io.Serializable;

public interface CrudFacade<T extends Entity<ID>, ID extends Serializable> extends Finder<T> {
    T get(ID id);

    T save(T entity) throws Conflict;

    default boolean exists(ID id) {
        return get(id) != null;
    }

    <T extends Comparable<T>> T greatest(T one, T other);
}
