package io.readahead.examples.jetty;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/** The folder that is served: turns request paths into files, and refuses those that are not in it. */
final class FileTree {
    private final Path root;

    /** @param root an existing directory */
    FileTree(Path root) throws IOException {
        this.root = root.toRealPath();
    }

    /**
     * Finds the regular file that a request path names.
     *
     * <p>Errors: {@link AccessDeniedException}; all else that keeps a file from being found is an empty result.
     * <p>Threads: any; may wait for file-system metadata, not for a file's content.
     *
     * @param encodedPath as in the request line, percent-encoded, relative to the root
     * @return empty for what doesn't exist, is no regular file, or is outside the root, also by a symbolic link
     */
    Optional<ServedFile> find(String encodedPath) throws AccessDeniedException {
        try {
            Path path = root;
            for (String segment : encodedPath.split("/", -1)) {
                String name = decode(segment);
                if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0) {
                    return Optional.empty();
                }
                path = path.resolve(name);
            }
            Path real = path.toRealPath();
            if (!real.startsWith(root)) {
                return Optional.empty();
            }
            BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return attributes.isRegularFile() ? Optional.of(ServedFile.of(real, attributes)) : Optional.empty();
        } catch (AccessDeniedException e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            // IllegalArgumentException: broken percent-encoding, or a name that the file system can't have (InvalidPathException).
            return Optional.empty();
        }
    }

    private static String decode(String segment) {
        // URLDecoder is for forms, where + is a space.
        return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
