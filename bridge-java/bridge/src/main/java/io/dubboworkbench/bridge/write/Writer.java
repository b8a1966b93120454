package io.dubboworkbench.bridge.write;

/** Writes values of one declared type as JSON. */
interface Writer {
    void write(Out out, Object value);
}
