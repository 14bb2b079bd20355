package io.readahead.server.jetty;

import io.readahead.weave.HandOnOwnPart;
import io.readahead.weave.Weaving;
import java.util.List;

/**
 * Jetty's frames of HTTP/2, which a connection's streams hand to its socket in one gathering write: heads, and between them parts of files
 * that are mapped.
 *
 * <p>The last frame of a file is the rest of its buffer, and no part of it as the others are. What gathers them copies such a rest where it
 * is less than a 64th of the buffer, and so reads the file in the thread that writes, before there is a write that could be left out.
 *
 * <p>Source: {@code DataGenerator.generateFrame} and {@code RetainableByteBuffer.DynamicCapacity.add}, Jetty 12.1.14. Jetty 12.0 and before
 * gather in other ways, and copy nothing.
 */
public final class JettyFrames {

    private static final String GENERATOR = "org/eclipse/jetty/http2/generator/DataGenerator";

    public static final List<Weaving> WEAVINGS = List.of(new HandOnOwnPart(
            GENERATOR, "generateFrame(", "RetainableByteBuffer$Mutable.add"));

    private JettyFrames() {
    }
}
