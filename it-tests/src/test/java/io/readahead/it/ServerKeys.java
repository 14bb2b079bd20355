package io.readahead.it;

import io.readahead.kit.Jdk;
import io.readahead.kit.ServerCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A server's key and certificate, made by keytool.
 *
 * @param keystore PKCS#12
 * @param certificate PEM
 */
public record ServerKeys(Path keystore, Path certificate) {

    static final String PASSWORD = "not-a-secret";

    static ServerKeys make(Path folder) throws IOException, InterruptedException {
        ServerKeys keys = new ServerKeys(folder.resolve("server.p12"), folder.resolve("server.pem"));
        keys.keytool("-genkeypair", "-alias", "server", "-keyalg", "EC", "-storetype", "PKCS12", "-dname", "CN=127.0.0.1",
                "-ext", "san=ip:127.0.0.1", "-validity", "2");
        keys.keytool("-exportcert", "-rfc", "-alias", "server", "-file", keys.certificate.toString());
        return keys;
    }

    /** Those of every server of files that speaks TLS: made when first asked for, gone with this JVM. */
    public static ServerKeys shared() {
        return Shared.KEYS;
    }

    /** The key as PEM, which servers other than Java's read. */
    public String privateKey() throws IOException {
        try (InputStream file = Files.newInputStream(keystore)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(file, PASSWORD.toCharArray());
            byte[] key = store.getKey("server", PASSWORD.toCharArray()).getEncoded();
            return "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(key) + "\n-----END PRIVATE KEY-----\n";
        } catch (GeneralSecurityException wrong) {
            throw new IOException(keystore + " holds no key of that password", wrong);
        }
    }

    /** What the clients of {@link #shared} trust. */
    static ServerCertificate sharedCertificate() {
        return Shared.CERTIFICATE;
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Jdk.current().home().resolve("bin/keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", keystore.toString(), "-storepass", PASSWORD));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(keytool.getInputStream().readAllBytes());
        if (keytool.waitFor() != 0) {
            throw new IOException(command + ": " + printed);
        }
    }

    /** Made by the class loader, once. */
    private static final class Shared {

        static final ServerKeys KEYS;
        static final ServerCertificate CERTIFICATE;

        static {
            try {
                Path folder = Files.createTempDirectory("server-keys");
                folder.toFile().deleteOnExit();
                KEYS = make(folder);
                // The folder was registered before them, so it goes after them.
                KEYS.keystore.toFile().deleteOnExit();
                KEYS.certificate.toFile().deleteOnExit();
                CERTIFICATE = ServerCertificate.read(KEYS.certificate);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException("interrupted while keys were made", interrupted);
            }
        }
    }
}
