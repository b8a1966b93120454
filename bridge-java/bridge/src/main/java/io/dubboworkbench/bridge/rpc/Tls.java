package io.dubboworkbench.bridge.rpc;

import io.dubboworkbench.bridge.FailedException;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.dubbo.common.URL;
import org.apache.dubbo.common.extension.Activate;
import org.apache.dubbo.common.ssl.Cert;
import org.apache.dubbo.common.ssl.CertProvider;
import org.apache.dubbo.common.ssl.ProviderCert;
import org.apache.dubbo.rpc.model.ApplicationModel;

/**
 * TLS for the providers that registered themselves with it, and for pinned addresses where the environment names TLS
 * files. Dubbo's own way encrypts all of an application's connections or none, and always wants a certificate of the
 * consumer's.
 */
@Activate
public final class Tls implements CertProvider {
    static final String FILES = "io.dubboworkbench.tls";
    static final String ENABLED = "ssl-enabled";
    private static final String PEM = "it has to be PEM: -----BEGIN CERTIFICATE----- and, for a key, -----BEGIN PRIVATE KEY-----";

    @Override
    public boolean isSupport(URL address) {
        return wants(address);
    }

    static boolean wants(URL address) {
        return address.getParameter(ENABLED, false) || !files(address).isEmpty() && !address.hasParameter(ENABLED) && pinned(address);
    }

    /** Of a pinned address. */
    static boolean isAsked(Definition definition) {
        return definition.url().contains(ENABLED + "=true") || !definition.tls().isEmpty() && !definition.url().contains(ENABLED + "=false");
    }

    static boolean isGiven(ApplicationModel application) {
        return application.getAttribute(FILES) instanceof Map<?, ?> files && !files.isEmpty();
    }

    /** @throws FailedException when one of the files cannot be read, holds something else, or has no counterpart */
    static void check(Map<String, String> files) {
        for (String name : new String[] {"certificate", "key"}) {
            if (files.containsKey(name) && !files.keySet().containsAll(List.of("certificate", "key"))) {
                throw unusable("`" + name + "` under `tls` stands alone", "`certificate` and `key` go together");
            }
        }
        try {
            if (files.containsKey("trust") && certificates(read(files, "trust")).isEmpty()) {
                throw unusable("the TLS file " + files.get("trust") + " (trust) holds no certificate", PEM);
            }
            if (files.containsKey("key")) {
                show(SslContextBuilder.forClient(), files);
            }
        } catch (IllegalStateException unreadable) {
            throw unusable(unreadable.getMessage(), "check its path under `tls` of the environment");
        } catch (CertificateException wrong) {
            throw unusable("the TLS file " + files.get("trust") + " (trust) holds no certificate: " + wrong.getMessage(), PEM);
        } catch (IllegalArgumentException wrong) {
            String reason = wrong.getCause() == null ? wrong.getMessage() : wrong.getMessage() + ": " + wrong.getCause().getMessage();
            throw unusable("the TLS files " + files.get("certificate") + " and " + files.get("key") + " cannot be used: " + reason, PEM + "; a locked key needs its password");
        }
    }

    private static FailedException unusable(String message, String hint) {
        return new FailedException("CONFIG", message, hint);
    }

    /** Has the caller's certificate shown where a provider asks for it. @throws IllegalArgumentException when it cannot be */
    static void show(SslContextBuilder builder, Map<String, String> files) {
        builder.keyManager(new ByteArrayInputStream(read(files, "certificate")), new ByteArrayInputStream(read(files, "key")), files.get("password"));
    }

    static Collection<? extends Certificate> certificates(byte[] pem) throws CertificateException {
        return CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
    }

    /** A pinned address comes from no registry that could tell. */
    private static boolean pinned(URL address) {
        return address.getOrDefaultApplicationModel().getApplicationConfigManager().getRegistries().isEmpty();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, String> files(URL address) {
        Object files = address.getOrDefaultApplicationModel().getAttribute(FILES);
        return files == null ? Map.of() : (Map<String, String>) files;
    }

    @Override
    public ProviderCert getProviderConnectionConfig(URL local) {
        return null; // nobody is served here
    }

    /** What is not given stays null: then the JVM's own list of authorities is trusted, and no certificate is shown. */
    @Override
    public Cert getConsumerConnectionConfig(URL remote) {
        Map<String, String> files = files(remote);
        return new Cert(read(files, "certificate"), read(files, "key"), read(files, "trust"), files.get("password"));
    }

    /** Null when it is not given. @throws IllegalStateException when it cannot be read */
    static byte[] read(Map<String, String> files, String name) {
        String path = files.get(name);
        try {
            return path == null ? null : Files.readAllBytes(Path.of(path));
        } catch (IOException unreadable) {
            throw new IllegalStateException("the TLS file " + path + " (" + name + ") cannot be read", unreadable);
        }
    }
}
