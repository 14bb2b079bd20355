package io.readahead.it.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Opens, locks, reads, sends and closes files as it is told, by a GET of {@code /COMMAND/ARGUMENT/...}; with 500 where that failed.
 *
 * <pre>
 *  /open/CHANNEL/FILE    /lock/CHANNEL/POSITION/SIZE/SHARED    /send/CHANNEL    /read/CHANNEL/POSITION/LENGTH    /close/CHANNEL
 *  /scan/CHANNEL/LENGTH  all of it in order, so much at a time, as Kafka's log cleaner reads a segment
 *  /sql/FILE/STATEMENT   by SQLite, whose connection stays open
 * </pre>
 *
 * <p>Threads: one for each connection, which sends on a non-blocking socket.
 */
public final class FileKeeper {

    private static final int LONGEST_HEAD_BYTES = 4096;
    private static final String END_OF_HEAD = "\r\n\r\n";

    private final Path folder;
    private final Map<String, FileChannel> channels = new ConcurrentHashMap<>();
    private final List<FileLock> locks = new ArrayList<>();
    private Connection database;

    private FileKeeper(Path folder) {
        this.folder = folder;
    }

    /** Arguments: the folder of the files. */
    public static void main(String[] arguments) throws IOException {
        FileKeeper keeper = new FileKeeper(Path.of(arguments[0]));
        ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
        System.out.println("listening on http://127.0.0.1:" + listener.socket().getLocalPort() + "/");
        while (true) {
            SocketChannel client = listener.accept();
            new Thread(() -> keeper.serve(client), "keeper").start();
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            String[] words = request(client).split("/");
            if (words[1].equals("send")) {
                send(channels.get(words[2]), client);
                return;
            }
            String status = "200 OK";
            try {
                obey(words);
            } catch (IOException | SQLException | RuntimeException failure) {
                status = "500 " + failure.getClass().getSimpleName();
            }
            client.write(head(status, 0));
        } catch (IOException ignored) {
            // The client has gone, and shall see for itself.
        }
    }

    private synchronized void obey(String[] words) throws IOException, SQLException {
        switch (words[1]) {
            case "open" -> channels.put(words[2],
                    FileChannel.open(folder.resolve(decoded(words[3])), StandardOpenOption.READ, StandardOpenOption.WRITE));
            case "lock" -> locks.add(channels.get(words[2])
                    .lock(Long.parseLong(words[3]), Long.parseLong(words[4]), Boolean.parseBoolean(words[5])));
            case "read" -> channels.get(words[2]).read(ByteBuffer.allocate(Integer.parseInt(words[4])), Long.parseLong(words[3]));
            case "scan" -> scan(channels.get(words[2]), ByteBuffer.allocateDirect(Integer.parseInt(words[3])));
            case "close" -> channels.remove(words[2]).close();
            case "sql" -> execute(folder.resolve(words[2]), decoded(words[3]));
            default -> throw new IllegalArgumentException(words[1]);
        }
    }

    private static void scan(FileChannel channel, ByteBuffer buffer) throws IOException {
        for (long position = 0; position < channel.size(); position += channel.read(buffer.clear(), position)) {
            continue;
        }
    }

    private static String decoded(String word) {
        return URLDecoder.decode(word, StandardCharsets.UTF_8);
    }

    private void execute(Path file, String sql) throws SQLException {
        if (database == null) {
            database = DriverManager.getConnection("jdbc:sqlite:" + file);
        }
        try (Statement statement = database.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String request(SocketChannel client) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LONGEST_HEAD_BYTES);
        while (!new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).endsWith(END_OF_HEAD)) {
            if (client.read(bytes) < 0) {
                throw new IOException("the client has gone");
            }
        }
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).split(" ")[1];
    }

    private static ByteBuffer head(String status, long length) {
        return ByteBuffer.wrap(("HTTP/1.1 " + status + "\r\nContent-Length: " + length + END_OF_HEAD).getBytes(StandardCharsets.US_ASCII));
    }

    private static void send(FileChannel file, SocketChannel client) throws IOException {
        long end = file.size();
        client.write(head("200 OK", end));
        client.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            client.register(selector, SelectionKey.OP_WRITE);
            for (long position = 0; position < end;) {
                selector.select();
                selector.selectedKeys().clear();
                position += file.transferTo(position, end - position, client);
            }
        }
    }
}
