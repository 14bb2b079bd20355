package io.readahead.server.netty.fake.io.netty.handler.stream;

import io.readahead.server.netty.fake.io.netty.channel.ChannelHandlerContext;

/** What the agent needs of Netty's. */
public class ChunkedWriteHandler {

    private volatile ChannelHandlerContext ctx;
    private int resumed;

    /** As Netty's pipeline does. */
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
    }

    /** Counts. */
    public void resumeTransfer() {
        if (ctx != null) {
            resumed++;
        }
    }

    public int resumed() {
        return resumed;
    }
}
