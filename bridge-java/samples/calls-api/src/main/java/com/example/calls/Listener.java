package com.example.calls;

/** Implemented by consumers that want to be called back. */
public interface Listener {
    void changed(String topic, String text);
}
