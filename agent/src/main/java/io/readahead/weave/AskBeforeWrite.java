package io.readahead.weave;

import java.util.function.Predicate;

/**
 * Has a class ask before it writes buffers to a socket, of which some may be of a mapped file.
 *
 * <pre>
 *   before:  socket.write(buffers)
 *   after:   write(socket, buffers, "com.example.Connection.flush")
 * </pre>
 *
 * <p>The same for {@code write(buffers, offset, length)} and {@code write(buffer)}.
 *
 * @param classEnding how the class's internal name ends
 * @param method the method and its descriptor, with one such call or more
 * @param sought the call in words, for the report of a class that hasn't got it
 */
public record AskBeforeWrite(String classEnding, String method, String sought) implements Weaving {

    static final String METHOD = "write";
    static final String SOCKET = "java/nio/channels/SocketChannel";
    private static final String SITE = "Ljava/lang/String;)";

    @Override
    public byte[] woven(byte[] classFile, int adapter) throws WrongShapeException {
        byte[] woven = woven(classFile, method::equals);
        if (woven == null) {
            throw new WrongShapeException(sought);
        }
        return woven;
    }

    /**
     * The same in all methods that are meant.
     *
     * @param methods is asked for each, with its descriptor
     * @return null where none has such a call
     */
    static byte[] woven(byte[] classFile, Predicate<String> methods) {
        return CallsWithPlace.replaced(classFile, methods, (owner, called, descriptor) -> owner.equals(SOCKET) && called.equals(METHOD)
                ? "(L" + SOCKET + ";" + descriptor.substring(1).replace(")", SITE) : null);
    }
}
