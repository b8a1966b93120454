package com.example.zoo;

import java.net.URI;
import java.net.URL;
import java.nio.charset.Charset;
import java.util.Currency;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;

/** Texts, characters, bytes, and what is written as text. */
public interface TextFacade extends Observed {
    String text(String value);

    CharSequence chars(CharSequence value);

    StringBuilder builder(StringBuilder value);

    char charOf(char value);

    Character charBox(Character value);

    char[] charArray(char[] value);

    byte[] bytes(byte[] value);

    UUID uuid(UUID value);

    Locale locale(Locale value);

    Currency currency(Currency value);

    URL url(URL value);

    URI uri(URI value);

    Charset charset(Charset value);

    Pattern pattern(Pattern value);

    Class<?> type(Class<?> value);

    AllTexts all(AllTexts value);
}
