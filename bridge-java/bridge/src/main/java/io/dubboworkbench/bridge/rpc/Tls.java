package io.dubboworkbench.bridge.rpc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    @Override
    public boolean isSupport(URL address) {
        return address.getParameter(ENABLED, false) || !files(address).isEmpty() && !address.hasParameter(ENABLED) && pinned(address);
    }

    static boolean isGiven(ApplicationModel application) {
        return application.getAttribute(FILES) instanceof Map<?, ?> files && !files.isEmpty();
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

    private static byte[] read(Map<String, String> files, String name) {
        String path = files.get(name);
        try {
            return path == null ? null : Files.readAllBytes(Path.of(path));
        } catch (IOException unreadable) {
            throw new IllegalStateException("the TLS file " + path + " (" + name + ") cannot be read", unreadable);
        }
    }
}
