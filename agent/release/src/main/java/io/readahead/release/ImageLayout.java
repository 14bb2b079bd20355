package io.readahead.release;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The image that brings the agent's jar into a pod: the jar, a static {@code cp}, and what their licences ask for.
 *
 * <p>An OCI image layout in a tar, with one image for each processor below one index. Jib, which needs no engine either, writes a tar
 * for one processor only.
 * <p>{@code /javaagent.jar} is where the OpenTelemetry Operator looks for the jar of any agent's image. busybox takes its own name for the
 * command, so as {@code cp} it is nothing but that. The layer is not compressed: what deflate makes of it depends on a library.
 * <p>Source: github.com/opencontainers/image-spec, image-layout.md, image-index.md, config.md.
 */
public final class ImageLayout {

    private static final String TYPE = "application/vnd.oci.image.";
    private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().create();
    /** Anybody but root: clusters may ask for that. Any other may be taken instead. */
    private static final String USER = "65532:65532";

    private final Instant time;
    private final String version;
    private final Map<String, byte[]> blobs = new TreeMap<>();

    private ImageLayout(Instant time, String version) {
        this.time = time;
        this.version = version;
    }

    /** Arguments: the jar, its NOTICE, the folder that {@code busybox.sh} has filled, version, time, the tar to write. */
    public static void main(String[] arguments) throws IOException {
        byte[] jar = Files.readAllBytes(Path.of(arguments[0]));
        byte[] notice = Files.readAllBytes(Path.of(arguments[1]));
        ImageLayout layout = new ImageLayout(Instant.parse(arguments[4]), arguments[3]);
        List<Object> images = new ArrayList<>();
        Path folder = Path.of(arguments[2]);
        byte[] licence = Files.readAllBytes(folder.resolve("GPL-2"));
        String source = "/bin/cp is Debian's busybox-static " + Files.readString(folder.resolve("version")).strip()
                + ", unchanged, under the\nlicence in LICENSE.busybox. Its source is Debian's source package busybox of that version.\n\n";
        for (String architecture : List.of("amd64", "arm64")) {
            DebianPackage busybox = new DebianPackage(folder.resolve("busybox-" + architecture + ".deb"));
            byte[] copyright = busybox.file("/usr/share/doc/busybox-static/copyright");
            images.add(layout.image(architecture, new Tar(layout.time).folder("bin").file("bin/cp", 0755, busybox.file("/bin/busybox"))
                    .file("readahead-agent.jar", 0644, jar).link("javaagent.jar", "readahead-agent.jar")
                    .file("NOTICE", 0644, notice)
                    .file("NOTICE.busybox", 0644, (source + new String(copyright, UTF_8)).getBytes(UTF_8))
                    .file("LICENSE.busybox", 0644, licence).toBytes()));
        }
        Files.write(Path.of(arguments[5]), layout.tar(images));
    }

    private Map<String, Object> image(String architecture, byte[] layer) {
        String diff = Checksums.sha256(layer);
        Map<String, Object> run = map("User", USER, "Env", List.of("PATH=/bin"), "Entrypoint", List.of("/bin/cp"),
                "Cmd", List.of("/readahead-agent.jar", "/agent/"), "WorkingDir", "/",
                "Labels", map("org.opencontainers.image.title", "readahead-agent", "org.opencontainers.image.version", version,
                        "org.opencontainers.image.licenses", "Apache-2.0 AND GPL-2.0-only"));
        Map<String, Object> config = map("created", time.toString(), "architecture", architecture, "os", "linux", "config", run,
                "rootfs", map("type", "layers", "diff_ids", List.of("sha256:" + diff)),
                "history", List.of(map("created", time.toString(), "created_by", "readahead-agent " + version)));
        Map<String, Object> manifest = map("schemaVersion", 2, "mediaType", TYPE + "manifest.v1+json",
                "config", blob("config.v1+json", json(config)), "layers", List.of(blob("layer.v1.tar", layer)));
        Map<String, Object> descriptor = blob("manifest.v1+json", json(manifest));
        descriptor.put("platform", map("architecture", architecture, "os", "linux"));
        return descriptor;
    }

    private byte[] tar(List<Object> images) throws IOException {
        Map<String, Object> index = blob("index.v1+json",
                json(map("schemaVersion", 2, "mediaType", TYPE + "index.v1+json", "manifests", images)));
        index.put("annotations", map("org.opencontainers.image.ref.name", version));
        Tar tar = new Tar(time).file("oci-layout", 0644, json(map("imageLayoutVersion", "1.0.0")))
                .file("index.json", 0644, json(map("schemaVersion", 2, "mediaType", TYPE + "index.v1+json", "manifests", List.of(index))))
                .folder("blobs").folder("blobs/sha256");
        for (Map.Entry<String, byte[]> blob : blobs.entrySet()) {
            tar.file("blobs/sha256/" + blob.getKey(), 0644, blob.getValue());
        }
        return tar.toBytes();
    }

    /** Keeps the bytes. @return their descriptor */
    private Map<String, Object> blob(String type, byte[] content) {
        String digest = Checksums.sha256(content);
        blobs.put(digest, content);
        return map("mediaType", TYPE + type, "digest", "sha256:" + digest, "size", content.length);
    }

    private static byte[] json(Object value) {
        return JSON.toJson(value).getBytes(UTF_8);
    }

    private static Map<String, Object> map(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
