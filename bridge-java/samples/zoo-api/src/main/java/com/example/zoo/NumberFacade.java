package com.example.zoo;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Numbers and truth values; each method answers what it got. */
public interface NumberFacade extends Observed {
    boolean bool(boolean value);

    Boolean boolBox(Boolean value);

    byte byteOf(byte value);

    Byte byteBox(Byte value);

    short shortOf(short value);

    Short shortBox(Short value);

    int intOf(int value);

    Integer intBox(Integer value);

    long longOf(long value);

    Long longBox(Long value);

    float floatOf(float value);

    Float floatBox(Float value);

    double doubleOf(double value);

    Double doubleBox(Double value);

    BigDecimal decimal(BigDecimal value);

    BigInteger big(BigInteger value);

    Number number(Number value);

    AtomicInteger atomicInt(AtomicInteger value);

    AtomicLong atomicLong(AtomicLong value);

    AtomicBoolean atomicBool(AtomicBoolean value);

    AllNumbers all(AllNumbers value);

    FloatFields floats(FloatFields value);
}
