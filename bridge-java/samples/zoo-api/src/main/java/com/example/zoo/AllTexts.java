package com.example.zoo;

import java.io.Serializable;
import java.net.URI;
import java.net.URL;
import java.util.Currency;
import java.util.Locale;
import java.util.UUID;

/** Everything that is written as text, as fields. */
public class AllTexts implements Serializable {
    private static final long serialVersionUID = 1L;

    public String text;
    public char charOf;
    public Character charBox;
    public char[] chars;
    public byte[] bytes;
    public UUID uuid;
    public Locale locale;
    public Currency currency;
    public URL url;
    public URI uri;
    public Class<?> type;
}
