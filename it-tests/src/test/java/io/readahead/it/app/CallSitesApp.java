package io.readahead.it.app;

import io.readahead.it.woven.NotAFile;
import io.readahead.it.woven.SubclassSender;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Calls {@code transferTo} from classes of many loaders and prints a line {@code NAME=woven|plain BYTES right|wrong} for each.
 *
 * <p>Arguments: a file, the folder of the classes. {@link EdgeCases} prints lines of its own.
 */
public final class CallSitesApp {

    private static final String SENDER = "io.readahead.it.woven.Sender";
    private static final String INCOMPLETE = "io.readahead.it.woven.IncompleteSender";
    private static final String PLAIN = "io.readahead.it.plain.Sender";
    private static final String NOTHING_REFUSED = "-";
    private static final MethodType SEND =
            MethodType.methodType(long.class, FileChannel.class, long.class, long.class, WritableByteChannel.class);

    private final Path file;
    private final byte[] expected;

    private CallSitesApp(Path file) throws Exception {
        this.file = file;
        expected = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    }

    /** Prints, and leaves with 0. */
    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        Path classes = Path.of(arguments[1]);
        new CallSitesApp(file).loaders(classes);
        new CallSitesApp(file).owners();
        EdgeCases.print(file);
        ByteRecorder.SEEN.forEach((name, bytes) -> System.out.println("bytes." + name + "=" + bytes));
    }

    private void loaders(Path classes) throws Exception {
        send("system", Class.forName(SENDER));
        send("plain", Class.forName(PLAIN));
        try (URLClassLoader webapp = new URLClassLoader(new URL[] {classes.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
            send("url", webapp.loadClass(SENDER));
        }
        send("folder", new ClassFolderLoader(classes, NOTHING_REFUSED).loadClass(SENDER));
        send("incomplete", new ClassFolderLoader(classes, "io.readahead.it.missing.").loadClass(INCOMPLETE));
        ModuleLayer layer = new FolderModule("named", "io.readahead.it.woven", classes).layer();
        Class<?> inModule = layer.findLoader("named").loadClass(SENDER);
        System.out.println("module.name=" + inModule.getModule().getName());
        send("module", inModule);
    }

    private void owners() throws Exception {
        LooksAtTheStack target = new LooksAtTheStack();
        try (DelegatingFileChannel channel = new DelegatingFileChannel(FileChannel.open(file, StandardOpenOption.READ))) {
            long sent = 0;
            while (sent < channel.size()) {
                sent += SubclassSender.send(channel, sent, channel.size() - sent, target);
            }
            System.out.println("subclass.transfers=" + channel.transfers());
        }
        print("subclass", target);
        LooksAtTheStack other = new LooksAtTheStack();
        System.out.println("notafile.result=" + NotAFile.send(new NotAFile(), 0, 1, other));
        System.out.println("notafile=" + other.way());
    }

    private void send(String name, Class<?> sender) throws Exception {
        // Class.getMethod looks at all methods, and so at types that may not be there.
        MethodHandle send = MethodHandles.publicLookup().findStatic(sender, "send", SEND);
        LooksAtTheStack target = new LooksAtTheStack();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            for (long sent = 0; sent < channel.size();) {
                sent += invoke(send, channel, sent, target);
            }
        }
        print(name, target);
    }

    private static long invoke(MethodHandle send, FileChannel channel, long sent, WritableByteChannel target) throws Exception {
        try {
            return (long) send.invokeExact(channel, sent, channel.size() - sent, target);
        } catch (Exception | Error thrown) {
            throw thrown;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void print(String name, LooksAtTheStack target) {
        System.out.println(name + "=" + target.way() + " " + target.bytes() + " "
                + (Arrays.equals(expected, target.digest()) ? "right" : "wrong"));
    }
}
