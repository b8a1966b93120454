package com.example.order.provider;

import com.example.common.Result;

/** Why a request is not carried out. */
record Refusal(String code, String message) {
    static final String MALFORMED = "1001";
    static final String AMOUNT = "1002";
    static final String SUM = "1003";
    static final String UNKNOWN = "1404";
    static final String CONFLICT = "1409";

    static Refusal unknown(long orderId) {
        return new Refusal(UNKNOWN, "no order " + orderId);
    }

    <T> Result<T> result() {
        return Result.failure(code, message);
    }
}
