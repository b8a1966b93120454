package io.dubboworkbench.bridge;

import java.util.Map;
import java.util.function.Function;

/** What a JVM is for: makes lines of their definitions. */
public interface Role extends Function<Map<String, Object>, Line> {
    /** How many class loaders of artifacts it has made. */
    int loaders();
}
