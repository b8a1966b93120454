package com.example.ages;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Date;
import java.util.List;
import java.util.Map;

/** A bean with a field for each kind of value that every release can carry. */
public class Parcel implements Serializable {
    private static final long serialVersionUID = 1L;

    private String text;
    private int whole;
    private long big;
    private double ratio;
    private boolean fragile;
    private BigDecimal price;
    private Date sent;
    private Size size;
    private byte[] seal;
    private List<String> labels;
    private Map<String, Long> counts;
    private Parcel inner;

    public String getText() {
        return text;
    }

    public void setText(String text) {
        this.text = text;
    }

    public int getWhole() {
        return whole;
    }

    public void setWhole(int whole) {
        this.whole = whole;
    }

    public long getBig() {
        return big;
    }

    public void setBig(long big) {
        this.big = big;
    }

    public double getRatio() {
        return ratio;
    }

    public void setRatio(double ratio) {
        this.ratio = ratio;
    }

    public boolean isFragile() {
        return fragile;
    }

    public void setFragile(boolean fragile) {
        this.fragile = fragile;
    }

    public BigDecimal getPrice() {
        return price;
    }

    public void setPrice(BigDecimal price) {
        this.price = price;
    }

    public Date getSent() {
        return sent;
    }

    public void setSent(Date sent) {
        this.sent = sent;
    }

    public Size getSize() {
        return size;
    }

    public void setSize(Size size) {
        this.size = size;
    }

    public byte[] getSeal() {
        return seal;
    }

    public void setSeal(byte[] seal) {
        this.seal = seal;
    }

    public List<String> getLabels() {
        return labels;
    }

    public void setLabels(List<String> labels) {
        this.labels = labels;
    }

    public Map<String, Long> getCounts() {
        return counts;
    }

    public void setCounts(Map<String, Long> counts) {
        this.counts = counts;
    }

    public Parcel getInner() {
        return inner;
    }

    public void setInner(Parcel inner) {
        this.inner = inner;
    }
}
