package com.example.zoo;

/** What every facade of the zoo can do: say what it received. */
public interface Observed {
    /**
     * The arguments of the call that carried the attachment {@code zoo.case} with this value, as typed JSON: each value
     * an object {@code {"its.runtime.Class": value}}. The description that went with the last call of that name counts.
     *
     * @return a JSON array, or null when no call of that name arrived
     */
    String seen(String name);
}
