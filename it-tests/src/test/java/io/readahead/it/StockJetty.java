package io.readahead.it;

import io.readahead.kit.Jdk;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.nio.file.Path;

/**
 * How the tests start {@code io.readahead.it.app.StockJettyServer}: Jetty's own handlers of files.
 *
 * @param version a folder of {@code it-tests/jetty}; empty for the one that the example has with it
 * @param handler Jetty's own, or the DefaultServlet of ee10 or ee11
 * @param mapped whether files are mapped, and written to the socket from there: from 64 KB on, as by default from 1 MB on but that
 *     those are kept; else they are read into buffers, by a copier that the threads which select run
 */
public record StockJetty(String version, String handler, boolean mapped, Protocol protocol, boolean virtualThreads) implements FileServer {

    /** HTTP/1.1 or HTTP/2, in the clear or over TLS. */
    public enum Protocol {
        PLAIN, TLS, HTTP2, HTTP2_TLS;

        boolean isSecured() {
            return this == TLS || this == HTTP2_TLS;
        }

        boolean isHttp2() {
            return this == HTTP2 || this == HTTP2_TLS;
        }
    }

    public static final StockJetty MAPPED = new StockJetty("", "resource", true, Protocol.PLAIN, false);
    public static final StockJetty COPIED = new StockJetty("", "resource", false, Protocol.PLAIN, false);

    private static final long NO_IDLE_TIMEOUT_MILLIS = 600_000;
    private static final int MAPPED_FROM_BYTES = 64 * 1024;

    /** The JDK encrypts. */
    public StockJetty secured() {
        return speaking(Protocol.TLS);
    }

    StockJetty speaking(Protocol other) {
        return new StockJetty(version, handler, mapped, other, virtualThreads);
    }

    StockJetty ofVersion(String other) {
        return new StockJetty(other, handler, mapped, protocol, virtualThreads);
    }

    StockJetty by(String other) {
        return new StockJetty(version, other, mapped, protocol, virtualThreads);
    }

    /** Requests are handled by virtual threads; who selects is one of the kernel's all the same. */
    StockJetty onVirtualThreads() {
        return new StockJetty(version, handler, mapped, protocol, true);
    }

    @Override
    public ServerProcess.Builder builder(Jdk jdk, Path root) {
        Path jars = version.isEmpty() ? Artifacts.jettyJar() : Artifacts.stockJetty(version).resolve("*");
        ServerProcess.Builder builder = ServerProcess.on(jdk).jvm("-Xmx256m")
                .main(jars + ":" + Artifacts.testClasses(), "io.readahead.it.app.StockJettyServer")
                .arguments("root=" + root, "mapped=" + (mapped ? MAPPED_FROM_BYTES : 0), "cached=" + (MAPPED_FROM_BYTES - 1),
                        "idle=" + NO_IDLE_TIMEOUT_MILLIS, "handler=" + handler, "http2=" + protocol.isHttp2(),
                        "virtual=" + virtualThreads);
        return !protocol.isSecured() ? builder : builder.arguments("keystore=" + ServerKeys.shared().keystore(),
                "password=" + ServerKeys.PASSWORD).certificate(ServerKeys.sharedCertificate());
    }

    @Override
    public String pathOf(TestFile file) {
        return "/" + file.path().getFileName();
    }

    @Override
    public boolean keepsFilesMapped() {
        return mapped;
    }

    /** A mapped file that has become shorter is a fault, in the JDK's own encryption as well as in the kernel. */
    @Override
    public boolean noticesTruncation() {
        return !mapped;
    }

    /** {@code maxCachedFileSize}; who is asked again later than a second looks at the time of the last change first. */
    @Override
    public long keptBytes() {
        return MAPPED_FROM_BYTES;
    }

    /** Jetty 12.1, {@code ResourceService.sendData} and behind it {@code IOResources.copy}. */
    @Override
    public boolean looksTwice() {
        return !mapped;
    }

    /** Its TLS always reads. */
    @Override
    public boolean listensWhileParked() {
        return protocol.isSecured();
    }

    /** All threads of the server: one that selects becomes one that serves, and the other way round. */
    @Override
    public String[] loopThreads() {
        return new String[] {"qtp"};
    }

    @Override
    public String toString() {
        return "Jetty" + version + " " + handler + (mapped ? " mapped" : " copied") + (protocol == Protocol.PLAIN ? "" : " " + protocol)
                + (virtualThreads ? " on virtual threads" : "");
    }
}
