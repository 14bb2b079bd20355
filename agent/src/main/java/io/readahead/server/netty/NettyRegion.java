package io.readahead.server.netty;

import io.readahead.weave.ThrowUnlessLater;
import io.readahead.weave.Weaving;
import java.util.List;

/**
 * Netty's region of a file: after a 0, over NIO and native epoll alike, its validate() says that the file is too short if it is.
 *
 * <p>Source: {@code DefaultFileRegion.validate}, {@code AbstractChannel.validateFileRegion}, Netty 4.1.136 and 4.2.18. Older ones take any
 * 0 for a full socket and have no such method.
 */
public final class NettyRegion {

    public static final List<Weaving> WEAVINGS = List.of(new ThrowUnlessLater("io/netty/channel/DefaultFileRegion", "validate", "file",
            "position", "one throw in static validate(DefaultFileRegion region, long position), which looks at region.file and"
            + " region.position first"));

    /** What regions of a server or a library of its own implement, which may call transferTo themselves. */
    public static final String INTERFACE = "io/netty/channel/FileRegion";

    private NettyRegion() {
    }
}
