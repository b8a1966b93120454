package com.example.ages;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** What every release of Dubbo has to carry exactly. */
public interface AgesFacade {
    Parcel echo(Parcel parcel);

    List<Parcel> reversed(List<Parcel> parcels);

    long add(long left, long right);

    BigDecimal add(BigDecimal left, BigDecimal right);

    void forget(String text);

    /** @throws RefusedException always */
    Parcel refuse(String code) throws RefusedException;

    String sleep(long milliseconds) throws InterruptedException;

    /** What the provider saw of the attachment; it sends the same back under "answer-" and the key. */
    String attachment(String key);

    /** Text by text, with the number of its characters. */
    Map<String, Integer> lengths(String... texts);
}
