package io.readahead.examples.netty;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;

/** TLS by the JDK or by OpenSSL, with the key of a key store; who wants HTTP/2 says so in the handshake. */
final class Tls {

    private Tls() {
    }

    /** Errors: IllegalArgumentException that says what is wrong with the key store; a LinkageError where there is no OpenSSL. */
    static SslContext of(Options options) {
        char[] password = options.password().toCharArray();
        try (InputStream file = Files.newInputStream(options.keystore())) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(file, password);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password);
            return SslContextBuilder.forServer(keys).sslProvider(options.tlsEngine())
                    .applicationProtocolConfig(new ApplicationProtocolConfig(ApplicationProtocolConfig.Protocol.ALPN,
                            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                            ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1))
                    .build();
        } catch (IOException | GeneralSecurityException wrong) {
            throw new IllegalArgumentException("--keystore " + options.keystore() + " is no PKCS#12 key store of that password: " + wrong,
                    wrong);
        }
    }
}
