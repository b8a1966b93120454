package com.example.zoo;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;

/** Every kind of number as a field, but float, see FloatFields. */
public class AllNumbers implements Serializable {
    private static final long serialVersionUID = 1L;

    public boolean bool;
    public Boolean boolBox;
    public byte byteOf;
    public Byte byteBox;
    public short shortOf;
    public Short shortBox;
    public int intOf;
    public Integer intBox;
    public long longOf;
    public Long longBox;
    public Float floatBox;
    public double doubleOf;
    public Double doubleBox;
    public BigDecimal decimal;
    public BigInteger big;
    public Number number;
}
