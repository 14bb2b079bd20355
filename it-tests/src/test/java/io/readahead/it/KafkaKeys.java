package io.readahead.it;

import io.readahead.kit.Jdk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A broker's key and certificate, made by keytool.
 *
 * @param keystore PKCS#12
 * @param certificate PEM
 */
record KafkaKeys(Path keystore, Path certificate) {

    static final String PASSWORD = "not-a-secret";

    static KafkaKeys make(Path folder) throws IOException, InterruptedException {
        KafkaKeys keys = new KafkaKeys(folder.resolve("broker.p12"), folder.resolve("broker.pem"));
        keys.keytool("-genkeypair", "-alias", "broker", "-keyalg", "EC", "-storetype", "PKCS12", "-dname", "CN=127.0.0.1",
                "-ext", "san=ip:127.0.0.1", "-validity", "2");
        keys.keytool("-exportcert", "-rfc", "-alias", "broker", "-file", keys.certificate.toString());
        return keys;
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
}
