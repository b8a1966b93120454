package com.shop.api;

/** No methods: nothing to call. */
public interface MarkerService {
}
