package com.example.zoo;

import java.io.Serializable;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Methods of one name; each answers which one it is, and with what. */
public interface OverloadFacade extends Observed {
    String pick();

    String pick(int value);

    String pick(Integer value);

    String pick(long value);

    String pick(Long value);

    String pick(double value);

    String pick(String value);

    String pick(CharSequence value);

    String pick(Object value);

    String pick(Serializable value);

    String pick(int[] value);

    String pick(String[] value);

    String pick(List<String> value);

    String pick(Collection<String> value);

    String pick(Map<String, String> value);

    String pick(Animal value);

    String pick(Animal.Dog value);

    String pick(Color value);

    String pick(Number value);

    String pick(Paint value);

    String pick(Outer.Nested value);

    String pick(String first, int second);

    String pick(int first, String second);

    String pick(String first, Integer second);

    String generic(List<Integer> value);

    String generic(Box<Integer> value);

    String varargs(String first, String... rest);

    String varargs(int... values);

    default String defaulted(String value) {
        return "default(String): " + value;
    }

    default String defaulted(Integer value) {
        return "default(Integer): " + value;
    }
}
