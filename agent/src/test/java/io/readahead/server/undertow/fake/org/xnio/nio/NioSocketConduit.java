package io.readahead.server.undertow.fake.org.xnio.nio;

import io.readahead.server.undertow.fake.org.xnio.conduits.StreamSinkConduit;
import java.nio.channels.SocketChannel;

/** Has a socket where XNIO's has it. */
public final class NioSocketConduit implements StreamSinkConduit {

    /** XNIO's name for it. */
    final SocketChannel socketChannel;

    public NioSocketConduit(SocketChannel socketChannel) {
        this.socketChannel = socketChannel;
    }
}
