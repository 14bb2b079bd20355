package io.readahead.start;

import io.readahead.adapter.ServerAdapter;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.io.RandomAccessFile;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/**
 * What an adapter is asked about an object of a server's.
 *
 * <p>Written as {@code ADAPTER.QUESTION:OBJECT}. An object is {@code CLASS}, without content, or {@code CLASS{FIELD=OBJECT,...}}; or one of
 * {@code @socket}, {@code @file}, {@code @randomAccessFile} and {@code @pushbackStream}.
 */
record AdapterQuestion(String adapter, String method, String object) {

    private static final Path FILE = Path.of("/dev/null");

    static AdapterQuestion of(String text) {
        int dot = text.indexOf('.');
        int colon = text.indexOf(':');
        return new AdapterQuestion(text.substring(0, dot), text.substring(dot + 1, colon), text.substring(colon + 1));
    }

    /**
     * Asks it.
     *
     * <p>Errors: ReflectiveOperationException, LinkageError where the server has no such class or field.
     *
     * @param loader of the server's classes
     * @return null where the adapter doesn't know
     */
    Object ask(ServerAdapter asked, ClassLoader loader) throws ReflectiveOperationException, IOException {
        Object built = new Builder(object, loader).object();
        return switch (method) {
            case "channelOf" -> asked.channelOf(built);
            case "fileOf" -> asked.fileOf(built);
            case "channelBehind" -> asked.channelBehind((WritableByteChannel) built);
            default -> throw new IllegalArgumentException("no question " + method);
        };
    }

    /** Reads the text of an object from left to right, and makes it. */
    private static final class Builder {

        private final String text;
        private final ClassLoader loader;
        private int at;

        Builder(String text, ClassLoader loader) {
            this.text = text;
            this.loader = loader;
        }

        Object object() throws ReflectiveOperationException, IOException {
            String name = word();
            if (name.startsWith("@")) {
                return leaf(name);
            }
            Object object = withoutContent(Class.forName(name, true, loader));
            if (at < text.length() && text.charAt(at) == '{') {
                do {
                    at++;
                    String field = word();
                    at++;
                    set(object, field, object());
                } while (text.charAt(at) == ',');
                at++;
            }
            return object;
        }

        private String word() {
            int start = at;
            while (at < text.length() && "{}=,".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            return text.substring(start, at);
        }

        private static Object leaf(String name) throws IOException {
            return switch (name) {
                case "@socket" -> SocketChannel.open();
                case "@file" -> FileChannel.open(FILE);
                case "@randomAccessFile" -> new RandomAccessFile(FILE.toFile(), "r");
                case "@pushbackStream" -> new PushbackInputStream(new FileInputStream(FILE.toFile()));
                default -> throw new IllegalArgumentException("no object " + name);
            };
        }

        private static void set(Object object, String name, Object value) throws ReflectiveOperationException {
            for (Class<?> at = object.getClass(); at != null; at = at.getSuperclass()) {
                for (Field field : at.getDeclaredFields()) {
                    if (field.getName().equals(name)) {
                        field.setAccessible(true);
                        field.set(object, value);
                        return;
                    }
                }
            }
            throw new NoSuchFieldException(object.getClass().getName() + " has no field " + name);
        }

        /** By its name, for the compiler warns of a use of it. */
        private static Object withoutContent(Class<?> type) throws ReflectiveOperationException {
            Class<?> unsafe = Class.forName("sun.misc.Unsafe");
            Field instance = unsafe.getDeclaredField("theUnsafe");
            instance.setAccessible(true);
            Method allocate = unsafe.getMethod("allocateInstance", Class.class);
            return allocate.invoke(instance.get(null), type);
        }
    }
}
