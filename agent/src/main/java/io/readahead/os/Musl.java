package io.readahead.os;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Tells a JVM that runs on musl, as Alpine's does.
 *
 * <p>JNA's native half is built for glibc. A JVM loads it lazily (dlopen(3), RTLD_LAZY), and so musl loads it, too, and leaves open what it
 * does not have of it: {@code __strdup} and {@code __getdelim}. A call of one of these ends the process by SIGSEGV, and libffi makes the
 * second where it finds no file to map its trampolines from. So nothing is loaded there. (musl 1.2.3, JNA 5.19.1: {@code MuslIT}.)
 *
 * <p>Source: proc_pid_maps(5); musl's dynamic linker is libc, and is mapped by its own name, {@code ld-musl-x86_64.so.1}.
 */
final class Musl {

    private static final Path MAPS = Path.of("/proc/self/maps");
    /** Executable pages: somebody's data may have such a name. */
    private static final Pattern LOADER = Pattern.compile("\\S+ ..x. \\S+ \\S+ \\S+ +(/(?:.*/)?ld-musl-[^/]+)");

    private Musl() {
    }

    /** The path of musl's dynamic linker in this process; empty on glibc, and where there is no /proc to ask. Threads: start-up. */
    static Optional<String> loader() {
        return loader(MAPS);
    }

    static Optional<String> loader(Path maps) {
        // A path is bytes, of any encoding.
        try (Stream<String> lines = Files.lines(maps, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.contains("/ld-musl-")).map(LOADER::matcher).filter(matcher -> matcher.matches())
                    .map(matcher -> matcher.group(1)).findFirst();
        } catch (IOException | RuntimeException unknown) {
            return Optional.empty();
        }
    }
}
