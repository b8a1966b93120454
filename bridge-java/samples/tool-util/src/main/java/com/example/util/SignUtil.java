package com.example.util;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signatures as lower-case hexadecimal text. An instance holds its secret. */
public class SignUtil {
    private static final String HMAC = "HmacSHA256";

    private final String secret;

    public SignUtil(String secret) {
        if (secret == null || secret.isEmpty()) {
            throw new IllegalArgumentException("secret is missing");
        }
        this.secret = secret;
    }

    /** SHA-256 of the text. */
    public static String sign(String text) {
        try {
            return hex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    /** HMAC-SHA-256 of the text. */
    public static String sign(String text, String secret) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), HMAC));
            return hex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    /** HMAC-SHA-256 of {@code k1=v1&k2=v2…}, keys in order; null values are left out. */
    public static String sign(Map<String, String> parameters, String secret) {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, String> parameter : new TreeMap<>(parameters).entrySet()) {
            if (parameter.getValue() != null) {
                text.append(text.length() == 0 ? "" : "&").append(parameter.getKey()).append('=').append(parameter.getValue());
            }
        }
        return sign(text.toString(), secret);
    }

    /** With this instance's secret. */
    public String signText(String text) {
        return sign(text, secret);
    }

    /** Whether the signature is this instance's of the text; takes as long for a wrong one as for a right one. */
    public boolean verify(String text, String signature) {
        return MessageDigest.isEqual(signText(text).getBytes(StandardCharsets.UTF_8), signature.getBytes(StandardCharsets.UTF_8));
    }

    private static String hex(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte one : bytes) {
            text.append(String.format("%02x", one));
        }
        return text.toString();
    }
}
