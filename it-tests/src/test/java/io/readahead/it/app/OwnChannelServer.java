package io.readahead.it.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Sends a file to a channel of its own, as a server with a TLS layer of its own does, and then lives on. */
public final class OwnChannelServer {

    private OwnChannelServer() {
    }

    /** Takes everything. */
    private static final class TlsChannel implements WritableByteChannel {

        @Override
        public int write(ByteBuffer source) {
            int bytes = source.remaining();
            source.position(source.limit());
            return bytes;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }

    /** Arguments: the file, how often to send it, where to copy it. */
    public static void main(String[] arguments) throws Exception {
        try (FileChannel file = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.READ)) {
            for (int call = 0; call < Integer.parseInt(arguments[1]); call++) {
                send(file);
            }
            copy(file, Path.of(arguments[2]));
        }
        System.out.println("sent");
        Thread.sleep(Long.MAX_VALUE);
    }

    private static void send(FileChannel file) throws IOException {
        file.transferTo(0, file.size(), new TlsChannel());
    }

    private static void copy(FileChannel file, Path to) throws IOException {
        try (FileChannel target = FileChannel.open(to, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.transferTo(0, file.size(), target);
        }
    }
}
