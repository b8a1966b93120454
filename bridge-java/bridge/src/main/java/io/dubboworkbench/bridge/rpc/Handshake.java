package io.dubboworkbench.bridge.rpc;

import io.dubboworkbench.bridge.Failure;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * A TLS connection of its own to a provider, to learn why a call did not get through: Dubbo tells only that the
 * connection was closed. Every certificate is taken and noted; whether it is trusted is asked afterwards.
 */
final class Handshake {
    private static final int PATIENCE_MS = 8_000;
    private static final int LOOK_MS = 3_000;
    private static final int LAST_WORD_MS = 1_500;
    private final Map<String, String> files;
    private List<X509Certificate> chain = List.of();
    private String refusal = "";

    /** @param files as in Definition: trust, certificate, key, password */
    private Handshake(Map<String, String> files) {
        this.files = files;
    }

    /**
     * Null when TLS is not to blame. Blocks for a moment.
     *
     * @param spoken what the provider speaks without TLS; empty: nothing
     */
    static Failure explain(Peer peer, String spoken, Map<String, String> files) {
        String place = peer.address();
        if (!spoken.isEmpty()) {
            return !peer.secure() ? null : failure("the provider " + place + " does not speak TLS, and was called with it",
                "write ?ssl-enabled=false behind its url, or take `tls` out of the environment");
        }
        Handshake made = new Handshake(files);
        made.shake(place.substring(0, place.lastIndexOf(':')), Integer.parseInt(place.substring(place.lastIndexOf(':') + 1)), PATIENCE_MS, true);
        if (!peer.secure()) {
            return made.chain.isEmpty() ? null : failure("the provider " + place + " wants TLS, and was called without",
                "name its authority's certificate as `trust` under `tls` of the environment; where the JVM knows the authority, ?ssl-enabled=true behind its url is enough");
        }
        return made.chain.isEmpty() && made.refusal.isEmpty() ? null : made.refused(place);
    }

    /** Whether a port shows a certificate, trusted or not. Blocks for some seconds at most. */
    static boolean isOffered(String host, int port) {
        Handshake made = new Handshake(Map.of());
        made.shake(host, port, LOOK_MS, false);
        return !made.chain.isEmpty();
    }

    private Failure refused(String place) {
        String distrust = chain.isEmpty() ? "" : distrust();
        if (!distrust.isEmpty()) {
            return failure("the certificate of the provider " + place + " is not trusted: " + names(chain.get(0)) + ": " + distrust,
                files.containsKey("trust") ? "`trust` under `tls` of the environment has to name the authority that signed it" : "name its authority's certificate as `trust` under `tls` of the environment");
        }
        if (refusal.isEmpty()) {
            return null;
        }
        if (chain.isEmpty()) {
            return failure("TLS with the provider " + place + " fails: " + refusal, "compare the TLS versions and ciphers that it takes with those of this Java");
        }
        return files.containsKey("certificate")
            ? failure("the provider " + place + " refuses the caller's certificate: " + refusal, "`certificate` and `key` under `tls` of the environment have to belong together and to be signed by an authority that the provider trusts")
            : failure("the provider " + place + " asks for a certificate of the caller: " + refusal, "name `certificate` and `key` under `tls` of the environment");
    }

    private static Failure failure(String message, String hint) {
        return Failure.of("NETWORK", message, hint);
    }

    /**
     * A provider that refuses the caller's certificate says so after the handshake (TLS 1.3). Nothing is sent: what it
     * had not read would make its side reset the connection, and that word be lost.
     */
    private void shake(String host, int port, int patienceMs, boolean toTheEnd) {
        try (SSLSocket socket = (SSLSocket) context().context().getSocketFactory().createSocket()) {
            socket.setSoTimeout(patienceMs);
            socket.connect(new InetSocketAddress(host, port), patienceMs);
            socket.startHandshake();
            if (toTheEnd) {
                socket.setSoTimeout(LAST_WORD_MS);
                socket.getInputStream().read();
            }
        } catch (SSLException refused) {
            refusal = String.valueOf(refused.getMessage());
        } catch (IOException silent) {
            return; // closed, or nothing to say: neither is TLS's own word
        }
    }

    private JdkSslContext context() throws SSLException {
        SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK).trustManager(new Note());
        if (files.containsKey("certificate") && files.containsKey("key")) {
            Tls.show(builder, files);
        }
        return (JdkSslContext) builder.build();
    }

    /** Why not; empty when it is trusted. */
    private String distrust() {
        try {
            for (TrustManager manager : managers(files)) {
                if (manager instanceof X509TrustManager trust) {
                    trust.checkServerTrusted(chain.toArray(new X509Certificate[0]), "UNKNOWN");
                }
            }
            return "";
        } catch (GeneralSecurityException distrusted) {
            Throwable at = distrusted;
            while (at.getCause() != null && at.getCause().getMessage() != null) {
                at = at.getCause();
            }
            return at.getMessage();
        }
    }

    private static TrustManager[] managers(Map<String, String> files) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(files.containsKey("trust") ? store(Tls.read(files, "trust")) : null);
        return factory.getTrustManagers();
    }

    private static KeyStore store(byte[] pem) throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        try {
            store.load(null, null);
        } catch (IOException impossible) {
            throw new GeneralSecurityException(impossible);
        }
        for (Certificate each : Tls.certificates(pem)) {
            store.setCertificateEntry(String.valueOf(store.size()), each);
        }
        return store;
    }

    private static String names(X509Certificate certificate) {
        String subject = certificate.getSubjectX500Principal().getName();
        String issuer = certificate.getIssuerX500Principal().getName();
        return subject.equals(issuer) ? subject + ", signed by itself" : subject + ", signed by " + issuer;
    }

    /** Takes every certificate. Only questions go this way, and no data. */
    private final class Note implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] callers, String how) throws CertificateException {
            throw new CertificateException("nobody is served here");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] provider, String how) {
            chain = List.of(provider);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
