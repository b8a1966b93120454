package com.example.ages.provider;

import com.example.ages.AgesFacade;
import com.example.ages.Parcel;
import com.example.ages.RefusedException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The service behind every release. Attachments are another class in each, so the provider brings the way to them. */
public final class Ages implements AgesFacade {
    private final UnaryOperator<String> attachments;

    /** @param attachments gives the caller's attachment of a key, and sends it back under "answer-" and the key */
    public Ages(UnaryOperator<String> attachments) {
        this.attachments = attachments;
    }

    @Override
    public Parcel echo(Parcel parcel) {
        return parcel;
    }

    @Override
    public List<Parcel> reversed(List<Parcel> parcels) {
        List<Parcel> result = new ArrayList<>(parcels);
        Collections.reverse(result);
        return result;
    }

    @Override
    public long add(long left, long right) {
        return Math.addExact(left, right);
    }

    @Override
    public BigDecimal add(BigDecimal left, BigDecimal right) {
        return left.add(right);
    }

    @Override
    public void forget(String text) {}

    @Override
    public Parcel refuse(String code) throws RefusedException {
        throw new RefusedException("refused: " + code, code);
    }

    @Override
    public String sleep(long milliseconds) throws InterruptedException {
        Thread.sleep(milliseconds);
        return "slept";
    }

    @Override
    public String attachment(String key) {
        return attachments.apply(key);
    }

    @Override
    public Map<String, Integer> lengths(String... texts) {
        Map<String, Integer> result = new LinkedHashMap<>();
        for (String text : texts) {
            result.put(text, text.length());
        }
        return result;
    }
}
