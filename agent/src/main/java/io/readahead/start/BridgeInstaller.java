package io.readahead.start;

import io.readahead.bridge.ReadaheadBridge;
import io.readahead.bridge.ReadaheadHooks;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.FileChannel;

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

    /** Defines the classes; does nothing where an earlier start did. Our module must be able to see java.nio.channels deeply. */
    static void define() throws IOException, IllegalAccessException {
        MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(FileChannel.class, MethodHandles.lookup());
        for (String name : CLASSES) {
            try {
                Class.forName(PACKAGE + "." + name, false, null);
            } catch (ClassNotFoundException notYet) {
                lookup.defineClass(classFile(name));
            }
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
