package io.readahead.server.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.readahead.adapter.FileChunks;
import io.readahead.adapter.Reflection;
import io.readahead.server.netty.fake.io.netty.channel.Channel;
import io.readahead.server.netty.fake.io.netty.channel.ChannelHandlerContext;
import io.readahead.server.netty.fake.io.netty.handler.codec.http.HttpChunkedInput;
import io.readahead.server.netty.fake.io.netty.handler.stream.ChunkedFile;
import io.readahead.server.netty.fake.io.netty.handler.stream.ChunkedInput;
import io.readahead.server.netty.fake.io.netty.handler.stream.ChunkedNioFile;
import io.readahead.server.netty.fake.io.netty.handler.stream.ChunkedNioStream;
import io.readahead.server.netty.fake.io.netty.handler.stream.ChunkedWriteHandler;
import io.readahead.server.netty.fake.io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NettyChunksTest {

    private static final int CHUNK = 1000;
    private static final int BYTES = 10_000;

    @TempDir
    private Path folder;

    private final List<String> reports = new ArrayList<>();
    private final NettyChunks netty = new NettyChunks(new Reflection(null), reports::add);
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final ChunkedWriteHandler handler = new ChunkedWriteHandler();
    private boolean open = true;
    private Path path;
    private FileChannel file;

    @BeforeEach
    void open() throws IOException {
        path = Files.write(folder.resolve("file"), new byte[BYTES]);
        file = FileChannel.open(path);
        runsIn(tasks::add);
    }

    @AfterEach
    void close() throws IOException {
        file.close();
    }

    private void runsIn(EventExecutor executor) {
        Channel channel = () -> open;
        handler.handlerAdded(new ChannelHandlerContext() {
            @Override
            public Channel channel() {
                return channel;
            }

            @Override
            public EventExecutor executor() {
                return executor;
            }
        });
    }

    @Test
    void theHandlerIsTheChannelBelowAnyName() {
        ChunkedWriteHandler subclass = new ChunkedWriteHandler() { };
        assertSame(handler, netty.channelOf(handler));
        assertSame(subclass, netty.channelOf(subclass));
        assertEquals(List.of(), reports);
        assertNull(netty.channelOf("a handler"));
        assertNull(netty.channelOf("another"));
        assertEquals(1, reports.size());
    }

    @Test
    void whoSaysLaterHasNoChunkAndIsNotAtItsEnd() throws Exception {
        ChunkedInput<?> later = (ChunkedInput<?>) netty.later(handler);
        assertNull(later.readChunk("allocator"));
        assertFalse(later.isEndOfInput());
        assertEquals(0, later.progress());
        later.close();
        assertSame(later, netty.later(new ChunkedWriteHandler()));
    }

    @Test
    void itGoesOnInATaskEvenWhereThatIsAskedForOnTheLoop() {
        netty.reenter(handler);
        assertEquals(0, handler.resumed());
        tasks.remove().run();
        assertEquals(1, handler.resumed());
    }

    @Test
    void aLoopThatWasShutDownHasNobodyToWake() {
        runsIn(task -> {
            throw new RejectedExecutionException();
        });
        netty.reenter(handler);
        netty.reenter(new ChunkedWriteHandler());
        assertEquals(0, handler.resumed());
    }

    @Test
    void itIsOpenAsLongAsItsChannel() {
        assertTrue(netty.isOpen(handler));
        assertTrue(netty.isOpen(new ChunkedWriteHandler()), "it was not added yet");
        open = false;
        assertFalse(netty.isOpen(handler));
    }

    @Test
    void aFileIsReadFromItsOffsetToItsEnd() throws Exception {
        ChunkedNioFile input = new ChunkedNioFile(file, 500, 5200, CHUNK);
        FileChunks chunks = netty.open(input);
        assertSame(file, chunks.file());
        assertEquals(500, chunks.position());
        assertEquals(5200, chunks.end());
        assertEquals(CHUNK, chunks.reachBytes());
        assertFalse(chunks.readsToLook());
        input.readChunk("allocator");
        assertEquals(1500, chunks.position());
        try (RandomAccessFile random = new RandomAccessFile(path.toFile(), "r")) {
            assertSame(random.getChannel(), netty.open(new ChunkedFile(random, 0, BYTES, CHUNK)).file());
        }
    }

    @Test
    void aStreamIsReadFromWhereItsFileStandsAndAChunkFurther() throws Exception {
        ChunkedNioStream input = new ChunkedNioStream(file, CHUNK);
        file.position(300);
        FileChunks chunks = netty.open(input);
        assertSame(file, chunks.file());
        assertEquals(300, chunks.position());
        assertEquals(Long.MAX_VALUE, chunks.end());
        assertEquals(2 * CHUNK, chunks.reachBytes());
        assertTrue(chunks.readsToLook());
        input.readChunk("allocator");
        assertEquals(300 + CHUNK, chunks.position(), "by what it has counted: the file is asked no more");
    }

    @Test
    void oneThatIsWrappedIsFound() throws Exception {
        ChunkedNioFile subclass = new ChunkedNioFile(file, 0, BYTES, CHUNK) { };
        assertSame(file, netty.open(new HttpChunkedInput(new HttpChunkedInput(subclass))).file());
    }

    @Test
    void aSubclassWithAMethodOfItsOwnBeforeNettysIsSaidToBeOneOnceAClass() throws Exception {
        class Closing extends ChunkedNioFile {
            Closing() {
                super(file, 0, BYTES, CHUNK);
            }

            @Override
            public void close() {
                throw new IllegalStateException("kept open");
            }
        }

        class Interposing extends Closing {
            @Override
            public Object readChunk(Object allocator) {
                return super.readChunk(allocator);
            }
        }

        class Below extends Interposing {
        }

        assertFalse(netty.open(new Closing()).mayReadElsewhere());
        assertTrue(netty.open(new Below()).mayReadElsewhere());
        FileChunks chunks = netty.open(new HttpChunkedInput(new Interposing()));
        assertTrue(chunks.mayReadElsewhere());
        assertFalse(chunks.wasSeenToRead());
        chunks.seenToRead();
        assertTrue(netty.open(new Interposing()).wasSeenToRead());
        assertFalse(netty.open(new Below()).wasSeenToRead(), "it might have one more");
        assertTrue(netty.open(new HttpChunkedInput(new ChunkedNioFile(file, 0, BYTES, CHUNK)) {
            @Override
            public boolean isEndOfInput() {
                return false;
            }
        }).mayReadElsewhere());
    }

    @Test
    void whoIsNotKnownIsNamedAndNotWhatWrapsHim() {
        ChunkedInput<Object> own = new HttpChunkedInput(null) { };
        assertSame(own, netty.readerOf(own));
        ChunkedNioFile known = new ChunkedNioFile(file, 0, BYTES, CHUNK);
        assertSame(known, netty.readerOf(new HttpChunkedInput(known)));
        assertEquals("a stranger", netty.readerOf("a stranger"));
    }

    @Test
    void whatReadsNoFileOrNobodyKnowsIsNoneAndNoReport() throws Exception {
        Pipe pipe = Pipe.open();
        try (Pipe.SourceChannel source = pipe.source(); Pipe.SinkChannel ignored = pipe.sink()) {
            assertNull(netty.open(new ChunkedNioStream(source, CHUNK)));
        }
        assertNull(netty.open("an input"));
        assertEquals(List.of(), reports);
    }
}
