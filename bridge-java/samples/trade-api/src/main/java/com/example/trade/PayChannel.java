package com.example.trade;

public enum PayChannel {
    /** Paid at once. */
    BALANCE,
    /** The bank takes its time: PAYING first, PAID a moment later. */
    BANK
}
