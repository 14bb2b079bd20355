package io.readahead.kit;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate that a server of the tests has signed itself, and clients that trust it and no other.
 *
 * <p>Threads: any.
 */
public final class ServerCertificate {

    private static final KeyStore.LoadStoreParameter EMPTY = null;

    private final SSLContext context;

    private ServerCertificate(SSLContext context) {
        this.context = context;
    }

    /** Reads it. Errors: IOException where the file is no certificate. */
    public static ServerCertificate read(Path pem) throws IOException {
        try (InputStream file = Files.newInputStream(pem)) {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(EMPTY);
            trusted.setCertificateEntry("server", CertificateFactory.getInstance("X.509").generateCertificate(file));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), new SecureRandom());
            return new ServerCertificate(context);
        } catch (GeneralSecurityException wrong) {
            throw new IOException(pem + " is no certificate to trust", wrong);
        }
    }

    /** For clients of the JDK's own. */
    public SSLContext context() {
        return context;
    }

    /** Shakes hands on a connection that is open; to close the result closes that. */
    SSLSocket secure(Socket connected) throws IOException {
        SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(connected,
                connected.getInetAddress().getHostAddress(), connected.getPort(), true);
        secured.startHandshake();
        return secured;
    }
}
