package io.readahead.it.guests;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.file.DefaultFileRegion;
import org.apache.mina.core.service.IoHandlerAdapter;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.transport.socket.nio.NioSocketAcceptor;

/** MINA's regions of files, on one processor. */
public final class MinaServer {

    private MinaServer() {
    }

    /** Serves a folder until the process is ended. */
    public static void main(String[] arguments) throws Exception {
        Path root = Path.of(arguments[0]);
        NioSocketAcceptor acceptor = new NioSocketAcceptor(1);
        acceptor.setHandler(new IoHandlerAdapter() {
            @Override
            public void messageReceived(IoSession session, Object message) throws IOException {
                Request request = Request.of(root, ((IoBuffer) message).getString(StandardCharsets.US_ASCII.newDecoder()));
                session.write(IoBuffer.wrap(request.head()));
                FileChannel file = FileChannel.open(request.file());
                session.write(new DefaultFileRegion(file, 0, request.size())).addListener(sent -> close(file));
            }
        });
        acceptor.bind(new InetSocketAddress("127.0.0.1", 0));
        System.out.println("listening on http://127.0.0.1:" + acceptor.getLocalAddress().getPort() + "/");
        Thread.currentThread().join();
    }

    private static void close(FileChannel file) {
        try {
            file.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
