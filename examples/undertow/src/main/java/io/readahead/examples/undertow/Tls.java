package io.readahead.examples.undertow;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** TLS by the JDK, with the key of a key store. */
final class Tls {

    private Tls() {
    }

    /** Errors: IllegalArgumentException that says what is wrong with the key store. */
    static SSLContext of(Path keystore, String password) {
        try (InputStream file = Files.newInputStream(keystore)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(file, password.toCharArray());
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, new SecureRandom());
            return context;
        } catch (IOException | GeneralSecurityException wrong) {
            throw new IllegalArgumentException("--keystore " + keystore + " is no PKCS#12 key store of that password: " + wrong, wrong);
        }
    }
}
