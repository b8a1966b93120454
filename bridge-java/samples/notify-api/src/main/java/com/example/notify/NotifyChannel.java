package com.example.notify;

public enum NotifyChannel {
    SMS,
    EMAIL,
    PUSH
}
