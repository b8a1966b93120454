package com.example.common;

import java.io.Serializable;
import java.util.List;

/**
 * One page of a list.
 *
 * @param <T> what the list holds
 */
public class Page<T> implements Serializable {
    private static final long serialVersionUID = 1L;

    /** How many there are on all pages. */
    private long total;
    private int pageNumber;
    private int pageSize;
    private List<T> records;

    public long getTotal() {
        return total;
    }

    public void setTotal(long total) {
        this.total = total;
    }

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

    public List<T> getRecords() {
        return records;
    }

    public void setRecords(List<T> records) {
        this.records = records;
    }
}
