package io.readahead.start;

import io.readahead.bridge.ReadaheadBridge;
import io.readahead.bridge.ReadaheadHooks;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;

/**
 * Defines the bridge into {@code java.base} and sets its hooks.
 *
 * <p>Threads: start-up.
 */
final class BridgeInstaller {

    private static final String[] CLASSES = {"ReadaheadHooks", "ReadaheadBridge"};
    private static final String PACKAGE = "java.nio.channels";

    private BridgeInstaller() {
    }

    /**
     * Defines the classes; does nothing where an earlier start did. Our module must be able to see java.nio.channels deeply.
     *
     * <p>Errors: IllegalStateException where those that are there are another version's: code that is woven for ours would fail in
     * them, in the server's own calls, and java.base keeps them until the JVM ends.
     */
    static void define() throws IOException, IllegalAccessException {
        MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(FileChannel.class, MethodHandles.lookup());
        CRC32 sum = new CRC32();
        for (String name : CLASSES) {
            byte[] classFile = classFile(name);
            sum.update(classFile);
            try {
                Class.forName(PACKAGE + "." + name, false, null);
            } catch (ClassNotFoundException notYet) {
                lookup.defineClass(classFile);
            }
        }
        String ours = Long.toHexString(sum.getValue());
        String there = StatusBoard.bridge(ours);
        if (!there.equals(ours)) {
            throw new IllegalStateException("this JVM has the bridge of another version in java.nio.channels (" + there + ", needed is "
                    + ours + "), and keeps it until it ends: restart the server with this version");
        }
    }

    /** Sets what the bridge calls; null makes it a pass-through. */
    static void install(ReadaheadHooks hooks) throws Throwable {
        MethodHandles.privateLookupIn(ReadaheadBridge.class, MethodHandles.lookup())
                .findStatic(ReadaheadBridge.class, "install", MethodType.methodType(void.class, ReadaheadHooks.class))
                .invoke(hooks);
    }

    private static byte[] classFile(String name) throws IOException {
        String resource = PACKAGE.replace('.', '/') + "/" + name + ".classdata";
        try (InputStream in = BridgeInstaller.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException(resource + " is missing from the agent's jar");
            }
            return in.readAllBytes();
        }
    }
}
