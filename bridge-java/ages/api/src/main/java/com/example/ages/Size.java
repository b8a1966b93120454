package com.example.ages;

public enum Size {
    SMALL,
    LARGE
}
