package io.readahead.weave;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the transformer made of a class file, and what the JVM makes of it then. */
final class Woven {

    private static final PackageFilter EVERYTHING = new PackageFilter(List.of("*"));

    private final byte[] original;
    private final byte[] changed;
    private final List<String> reports = new ArrayList<>();

    /** @param internalName as the JVM hands it over, whatever the bytes say */
    Woven(String internalName, byte[] original) {
        this.original = original;
        byte[] handedOver = original.clone();
        this.changed = new CallSiteTransformer(EVERYTHING, Implementers.NONE, Recipes.of(List.of(), List.of(), PackageFilter.NOTHING),
                () -> { }, reports::add, line -> { }, (site, met) -> { })
                .transform(new FileLoader(), internalName, null, null, handedOver);
        if (!Arrays.equals(original, handedOver)) {
            throw new AssertionError("the JVM's own array was written to");
        }
    }

    /** The new class file, or null where it stays as it is. */
    byte[] changed() {
        return changed;
    }

    /** Whether a call was replaced. */
    boolean callsTheBridge() {
        return changed != null && new String(changed, StandardCharsets.ISO_8859_1).contains(Bridge.NAME);
    }

    /** What was told of it. */
    List<String> reports() {
        return reports;
    }

    /** What the JVM has against a class file when it loads, verifies and links it, without running it; null for nothing. */
    static Throwable refusal(byte[] classFile) {
        try {
            // HotSpot links a class before it tells its methods: jvm.cpp, get_class_declared_methods_helper.
            new FileLoader().define(classFile).getDeclaredMethods();
            return null;
        } catch (LinkageError | RuntimeException refused) {
            return refused;
        }
    }

    /** Runs it, and says what it returned and how many bytes it sent. */
    static String outcome(byte[] classFile, Path file) throws ReflectiveOperationException, IOException {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        try (FileChannel channel = FileChannel.open(file)) {
            Object returned = new FileLoader().define(classFile).getMethod(Samples.RUN, FileChannel.class, WritableByteChannel.class)
                    .invoke(null, channel, Channels.newChannel(sent));
            return returned + " " + sent.size();
        }
    }

    String originalOutcome(Path file) throws ReflectiveOperationException, IOException {
        return outcome(original, file);
    }

    private static final class FileLoader extends ClassLoader {

        FileLoader() {
            super(Woven.class.getClassLoader());
        }

        Class<?> define(byte[] classFile) {
            return defineClass(null, classFile, 0, classFile.length);
        }
    }
}
