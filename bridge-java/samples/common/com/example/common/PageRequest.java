package com.example.common;

import java.io.Serializable;

/** Which page of a list is wanted; pages count from 1. */
public class PageRequest implements Serializable {
    private static final long serialVersionUID = 1L;

    private int pageNumber = 1;
    /** At most 200. */
    private int pageSize = 20;

    public int getPageNumber() {
        return pageNumber;
    }

    public void setPageNumber(int pageNumber) {
        this.pageNumber = pageNumber;
    }

    public int getPageSize() {
        return pageSize;
    }

    public void setPageSize(int pageSize) {
        this.pageSize = pageSize;
    }
}
