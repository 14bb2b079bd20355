package io.readahead.it.guests;

import java.util.List;
import java.util.Map;
import org.apache.spark.network.TransportContext;
import org.apache.spark.network.sasl.SaslServerBootstrap;
import org.apache.spark.network.sasl.SecretKeyHolder;
import org.apache.spark.network.server.TransportServer;
import org.apache.spark.network.server.TransportServerBootstrap;
import org.apache.spark.network.shuffle.ExternalBlockHandler;
import org.apache.spark.network.util.MapConfigProvider;
import org.apache.spark.network.util.TransportConf;

/** Spark's shuffle service, with one event loop; what it serves, {@link SparkClient} registers. */
public final class SparkServer {

    static final SecretKeyHolder SECRET = new SecretKeyHolder() {
        @Override
        public String getSaslUser(String application) {
            return "anybody";
        }

        @Override
        public String getSecretKey(String application) {
            return "known to both";
        }
    };

    private SparkServer() {
    }

    static TransportConf conf(String transport, boolean encrypted) {
        return new TransportConf("shuffle", new MapConfigProvider(Map.of("spark.shuffle.io.mode", transport,
                "spark.shuffle.io.serverThreads", "1",
                "spark.authenticate.enableSaslEncryption", Boolean.toString(encrypted))));
    }

    /** Serves until the process is ended. Arguments: the folder, NIO or EPOLL, and whether transfers are encrypted. */
    public static void main(String[] arguments) throws Exception {
        boolean encrypted = Boolean.parseBoolean(arguments[2]);
        TransportConf conf = conf(arguments[1], encrypted);
        List<TransportServerBootstrap> bootstraps = encrypted ? List.of(new SaslServerBootstrap(conf, SECRET)) : List.of();
        TransportServer server = new TransportContext(conf, new ExternalBlockHandler(conf, null)).createServer("127.0.0.1", 0, bootstraps);
        System.out.println("listening on http://127.0.0.1:" + server.getPort() + "/");
        Thread.currentThread().join();
    }
}
