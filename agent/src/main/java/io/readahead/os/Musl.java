package io.readahead.os;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
    private static final String NAME = "/ld-musl-";

    private Musl() {
    }

    /** The path of musl's dynamic linker in this process; empty on glibc, and where there is no /proc to ask. Threads: start-up. */
    static Optional<String> loader() {
        return loader(MAPS);
    }

    static Optional<String> loader(Path maps) {
        String lines;
        try {
            lines = Files.readString(maps, StandardCharsets.ISO_8859_1);    // a path is bytes, of any encoding
        } catch (IOException | RuntimeException unknown) {
            return Optional.empty();
        }
        // Nearly nobody has it, and everybody waits for the answer: no more than that is loaded for it.
        return lines.contains(NAME) ? loader(lines) : Optional.empty();
    }

    private static Optional<String> loader(String lines) {
        // Executable pages: somebody's data may have such a name.
        Pattern loader = Pattern.compile("\\S+ ..x. \\S+ \\S+ \\S+ +(/(?:.*/)?ld-musl-[^/]+)");
        return lines.lines().map(loader::matcher).filter(Matcher::matches).map(matcher -> matcher.group(1)).findFirst();
    }
}
