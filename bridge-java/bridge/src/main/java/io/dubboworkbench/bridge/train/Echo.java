package io.dubboworkbench.bridge.train;

import java.util.List;
import java.util.Map;

/** What the training run calls. */
public interface Echo {
    /** Gives the map back; with the key `fail` it throws. */
    Map<String, List<Object>> echo(Map<String, List<Object>> values);
}
