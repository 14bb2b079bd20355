package io.readahead.examples.jetty;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.MimeTypes;

/**
 * A regular file under the root, as it was when the request asked for it.
 *
 * @param path without symbolic links
 * @param size bytes
 * @param lastModifiedSeconds since 1970, as coarse as HTTP dates are
 * @param etag strong and quoted: size and nanoseconds of the last change
 */
record ServedFile(Path path, long size, long lastModifiedSeconds, String etag) {
    static ServedFile of(Path path, BasicFileAttributes attributes) {
        long nanos = attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
        return new ServedFile(path, attributes.size(), attributes.lastModifiedTime().to(TimeUnit.SECONDS),
                "\"" + Long.toHexString(attributes.size()) + "-" + Long.toHexString(nanos) + "\"");
    }

    String contentType() {
        String type = MimeTypes.DEFAULTS.getMimeByExtension(path.getFileName().toString());
        return type == null ? "application/octet-stream" : type;
    }

    /** Opens the file, not a link that has taken its place. */
    FileChannel open() throws IOException {
        return FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    }
}
