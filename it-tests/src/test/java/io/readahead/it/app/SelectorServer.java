package io.readahead.it.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * An event-loop server of files, written with java.nio and {@code java.base} alone.
 *
 * <p>{@code GET /name} sends the file of that name; {@code GET /name?HABIT} sends it with one of the {@link Habit}s that servers have;
 * {@code &to=N} after a habit sends it up to byte N, however long the file is by now. A path that is no file is answered with 404. Every
 * answer says in its head how often the selectors have returned so far: {@code Selects}.
 *
 * <p>The first loop accepts, and hands the connections around.
 */
public final class SelectorServer {

    private SelectorServer() {
    }

    /** Arguments: the folder that is served, and the number of loops. Serves until the process is ended. */
    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments[0]);
        SelectorLoop[] loops = new SelectorLoop[Integer.parseInt(arguments[1])];
        for (int number = 0; number < loops.length; number++) {
            loops[number] = new SelectorLoop(loops, number);
        }
        ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        listener.configureBlocking(false);
        loops[0].register(listener, SelectionKey.OP_ACCEPT, new Acceptor(listener, loops, root));
        // With the first socket that it closes, the JVM opens one for itself: from here on, one more is one that is left.
        SocketChannel.open().close();
        System.out.println("listening on http://127.0.0.1:" + listener.socket().getLocalPort() + "/");
        for (SelectorLoop loop : loops) {
            new Thread(loop, loop.toString()).start();
        }
    }

    /** Gives each loop its turn. */
    private static final class Acceptor implements SelectorLoop.Turn {

        private final ServerSocketChannel listener;
        private final SelectorLoop[] loops;
        private final Path root;
        private int accepted;

        Acceptor(ServerSocketChannel listener, SelectorLoop[] loops, Path root) {
            this.listener = listener;
            this.loops = loops;
            this.root = root;
        }

        @Override
        public void take() throws IOException {
            SocketChannel client = listener.accept();
            if (client != null) {
                client.configureBlocking(false);
                // Head and file are two sends: the second must not wait for the client's delayed acknowledgment of the first.
                client.setOption(StandardSocketOptions.TCP_NODELAY, true);
                SelectorLoop loop = loops[accepted++ % loops.length];
                loop.execute(() -> new Connection(client, root, loop).open());
            }
        }
    }
}
