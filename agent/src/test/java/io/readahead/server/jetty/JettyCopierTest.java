package io.readahead.server.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.readahead.adapter.FileChunks;
import io.readahead.adapter.Reflection;
import io.readahead.server.jetty.fake.org.eclipse.jetty.io.Content;
import io.readahead.server.jetty.fake.org.eclipse.jetty.io.IOResources.PathToSinkCopier;
import io.readahead.server.jetty.fake.org.eclipse.jetty.server.Components;
import io.readahead.server.jetty.fake.org.eclipse.jetty.server.Request;
import io.readahead.server.jetty.fake.org.eclipse.jetty.server.Response;
import io.readahead.weave.Weaving;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
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

/** How a copier is told to go on, and whose may be told. */
class JettyCopierTest {

    @TempDir
    private Path folder;

    private final List<String> reported = new ArrayList<>();
    private final JettyCopier adapter = new JettyCopier(new Reflection(null), reported::add);
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final Components components = () -> tasks::add;
    private final Request request = () -> components;
    private final Response response = () -> request;
    private FileChannel file;

    @BeforeEach
    void open() throws IOException {
        file = FileChannel.open(Files.createFile(folder.resolve("file")));
    }

    @AfterEach
    void close() throws IOException {
        file.close();
    }

    @Test
    void itGoesOnByTheExecutorOfItsResponse() {
        PathToSinkCopier copier = new PathToSinkCopier(file, response, 1);
        assertSame(copier, adapter.channelOf(copier));
        assertSame(file, adapter.fileOf(file));
        adapter.retry().park(copier, () -> true);
        assertEquals(0, tasks.size());
        adapter.retry().reenter(copier);
        assertEquals(0, copier.rounds(), "no thread of the agent runs the server's code");
        tasks.remove().run();
        assertEquals(1, copier.rounds());
    }

    @Test
    void itReadsFromWhereItsChannelStoodUntilNothingIsLeft() throws IOException {
        file.position(1000);
        PathToSinkCopier copier = new PathToSinkCopier(file, response, 5000);
        FileChunks rounds = adapter.open(copier);
        assertSame(file, rounds.file());
        assertEquals(1000, rounds.position());
        assertEquals(6000, rounds.end());
        assertEquals(PathToSinkCopier.BUFFER_BYTES, rounds.reachBytes());
        copier.read(4096);
        assertEquals(5096, rounds.position(), "and nobody has asked the channel");
    }

    @Test
    void ofWhatGoesOnToTheEndTheChannelIsAsked() throws IOException {
        PathToSinkCopier copier = new PathToSinkCopier(file, response, -1);
        FileChunks rounds = adapter.open(copier);
        assertEquals(Long.MAX_VALUE, rounds.end());
        file.position(7);
        assertEquals(7, rounds.position());
        file.close();
        assertEquals(rounds.end(), rounds.position(), "nothing to wait for");
    }

    @Test
    void aFileInAnArchiveIsReadByNobody() throws IOException {
        SeekableByteChannel other = (SeekableByteChannel) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[] {SeekableByteChannel.class}, (proxy, method, arguments) -> null);
        PathToSinkCopier copier = new PathToSinkCopier(other, response, 1);
        assertNull(adapter.open(copier));
        assertSame(other, adapter.readerOf(copier));
    }

    @Test
    void itTakesATurnByThatExecutor() {
        PathToSinkCopier copier = new PathToSinkCopier(file, response, 1);
        List<Integer> before = new ArrayList<>();
        assertTrue(adapter.askAgain(copier, () -> before.add(copier.rounds())));
        assertEquals(List.of(), before);
        tasks.remove().run();
        assertEquals(List.of(0), before);
        assertEquals(1, copier.rounds());
    }

    @Test
    void itIsOpenAsLongAsItsFileIs() throws IOException {
        PathToSinkCopier copier = new PathToSinkCopier(file, response, 1);
        assertTrue(adapter.retry().isOpen(copier));
        file.close();
        assertFalse(adapter.retry().isOpen(copier));
    }

    @Test
    void whatIsWrittenToNoResponsePasses() {
        Content.Sink sink = new Content.Sink() { };
        PathToSinkCopier copier = new PathToSinkCopier(file, sink, 1);
        assertNull(adapter.channelOf(copier));
        assertSame(sink, adapter.unknownTo(copier));
        assertEquals(List.of(), reported);
    }

    @Test
    void anExecutorThatTakesNothingIsToldOf() {
        Components full = () -> task -> {
            throw new RejectedExecutionException("full");
        };
        Request ofFull = () -> full;
        Response toFull = () -> ofFull;
        PathToSinkCopier copier = new PathToSinkCopier(file, toFull, 1);
        assertFalse(adapter.askAgain(copier, () -> { }), "it goes on now");
        assertThrows(RejectedExecutionException.class, () -> adapter.retry().reenter(copier), "so that it is tried again");
    }

    @Test
    void theCopierHasThePlaceThatIsWoven() throws Exception {
        Weaving weaving = JettyCopier.WEAVINGS.get(0);
        String name = PathToSinkCopier.class.getName().replace('.', '/');
        try (InputStream in = PathToSinkCopier.class.getResourceAsStream("IOResources$PathToSinkCopier.class")) {
            byte[] classFile = in.readAllBytes();
            assertTrue(weaving.concerns(name, classFile));
            assertTrue(weaving.woven(classFile, 3).length > classFile.length);
        }
    }
}
