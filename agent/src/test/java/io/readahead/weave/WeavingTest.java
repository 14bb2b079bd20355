package io.readahead.weave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.readahead.bridge.BridgeHooks;
import io.readahead.bridge.ReadaheadBridge;
import io.readahead.bridge.ReadaheadHooks;
import io.readahead.weave.sample.Input;
import io.readahead.weave.sample.Sender;
import io.readahead.weave.sample.Sending;
import io.readahead.weave.sample.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each kind of weaving asks the bridge and tells it, on classes that the JVM verifies, loads and runs. */
class WeavingTest {

    private static final String CLASS = "io/readahead/weave/sample/Sender";
    private static final int ADAPTER = 7;
    private static final AskBeforeCall CALL = new AskBeforeCall(CLASS, "sample/Wire", "send", "Ljava/lang/String;IJJJ)J",
            new AskBeforeCall.Operands(0, List.of(2, 3), 4), "a call of Wire.send");
    private static final AskAtEntry ENTRY = new AskAtEntry(CLASS, "transferFrom", "(Ljava/nio/channels/FileChannel;JJ)J", 0, 1, 2,
            "transferFrom(FileChannel, long, long)");
    private static final AskForCallee CALLEE = new AskForCallee(CLASS, "sample/Input",
            new AskForCallee.Called("next", "Ljava/lang/String;)I"), new AskForCallee.Called("isOver", "()Z"),
            "calls of Input.next and Input.isOver");
    private static final AskBeforeRead READ = new AskBeforeRead(CLASS, "head(Ljava/nio/channels/FileChannel;Ljava/nio/ByteBuffer;)I",
            "one call of read(ByteBuffer)");

    private static final LeaveAtEntry LEAVE = new LeaveAtEntry(CLASS, "process", "()", "channel", "Ljava/nio/channels/FileChannel;",
            "remaining", "SECONDS", "process()");
    private static final AskBeforeWrite WRITE = new AskBeforeWrite(CLASS,
            "flush(Ljava/nio/channels/SocketChannel;[Ljava/nio/ByteBuffer;)J", "a call of SocketChannel.write");

    private static final HandOnOwnPart HAND_ON = new HandOnOwnPart(CLASS, "handOn(", "sample/Wire.add");

    private static final AskBeforeFlush FLUSH = new AskBeforeFlush(CLASS, "take", "goOnByItself", "take(ByteBuffer...)");

    @TempDir
    private Path folder;

    private final List<String> asked = new ArrayList<>();
    private long answer;
    private FileChannel file;
    private final Wire wire = new Wire();

    @BeforeEach
    void open() throws IOException {
        file = FileChannel.open(Files.write(folder.resolve("file"), new byte[100]));
        BridgeHooks.install(new ReadaheadHooks() {
            @Override
            public long transferTo(FileChannel from, long position, long count, WritableByteChannel target, String site) {
                throw new IllegalStateException("no such call is woven here");
            }

            @Override
            public int write(SocketChannel socket, ByteBuffer buffer, String site) throws IOException {
                asked.add("write 0+1 " + site);
                return socket.write(buffer);
            }

            @Override
            public long write(SocketChannel socket, ByteBuffer[] buffers, int offset, int length, String site) throws IOException {
                asked.add("write " + offset + "+" + length + " " + site);
                return socket.write(buffers, offset, length);
            }

            @Override
            public int interestEvents(SelectionKey key, int events) {
                return events;
            }

            @Override
            public long admit(int adapter, Object receiver, Object source, long position, long count) {
                asked.add("admit " + of(adapter, receiver, source) + position + " " + count);
                return Math.min(count, answer);
            }

            @Override
            public boolean later(int adapter, Object receiver, Object source, long count) {
                asked.add("later " + of(adapter, receiver, source) + count);
                return answer == 0;
            }

            @Override
            public void note(int adapter, Object receiver, Object source, long position, long sent) {
                asked.add("note " + of(adapter, receiver, source) + position + " " + sent);
            }

            @Override
            public Object callee(int adapter, Object receiver, Object source, boolean reads) {
                asked.add((reads ? "read " : "look ") + of(adapter, receiver, source).trim());
                return answer == 0 ? Input.LATER : source;
            }

            @Override
            public ByteBuffer[] part(int adapter, Object receiver, ByteBuffer[] buffers) {
                asked.add("part " + of(adapter, receiver, buffers.length).trim());
                return answer < 0 ? buffers : answer == 0 ? null : cut(buffers, (int) answer);
            }

            @Override
            public void flushed(int adapter, Object receiver, ByteBuffer mapped) {
                asked.add("flushed " + of(adapter, receiver, mapped.position() + " " + mapped.limit()).trim());
            }

            @Override
            public boolean isMapped(ByteBuffer buffer) {
                return answer > 0;
            }

            @Override
            public boolean parked(int adapter, Object receiver) {
                asked.add("parked " + of(adapter, receiver, "").trim());
                return answer == 0;
            }

            @Override
            public boolean saidLater(FileChannel from, long position) {
                throw new IllegalStateException("no such call is woven here");
            }

            private String of(int adapter, Object receiver, Object source) {
                return adapter + " " + receiver.getClass().getSimpleName() + " " + (source == file ? "file" : source) + " ";
            }
        });
    }

    @AfterEach
    void close() throws IOException {
        BridgeHooks.install(null);
        file.close();
    }

    private static byte[] classFileOf(Class<?> type) throws IOException {
        try (InputStream in = type.getResourceAsStream(type.getSimpleName() + ".class")) {
            return in.readAllBytes();
        }
    }

    /** Loads the woven class, without its kind's neighbours. */
    private Sending woven(Weaving weaving) throws Exception {
        return woven(weaving.recipe(ADAPTER));
    }

    private Sending woven(Recipe recipe) throws Exception {
        byte[] woven = recipe.weave(Sender.class.getClassLoader(), classFileOf(Sender.class));
        Class<?> type = new ClassLoader(Sender.class.getClassLoader()) {
            Class<?> define() {
                return defineClass(Sender.class.getName(), woven, 0, woven.length);
            }
        }.define();
        try {
            return (Sending) type.getConstructor(Wire.class).newInstance(wire);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Test
    void aCallIsNarrowedToWhatWasAdmittedAndToldOf() throws Exception {
        answer = 30;
        assertEquals(30, woven(CALL).callsWire("region", 1000, 5, 80));
        assertEquals(List.of("region 9 1000 5 30"), wire.calls());
        assertEquals(List.of("admit 7 Sender region 1005 80", "note 7 Sender region 1005 30"), asked);
    }

    @Test
    void aCallOfWhichNothingIsAdmittedIsMadeWithNothing() throws Exception {
        assertEquals(0, woven(CALL).callsWire("region", 1000, 5, 80));
        assertEquals(List.of("region 9 1000 5 0"), wire.calls());
    }

    @Test
    void aMethodIsNarrowedBeforeItBegins() throws Exception {
        answer = 40;
        assertEquals(40, woven(ENTRY).transferFrom(file, 10, 50));
        assertEquals(List.of("file 0 10 0 40"), wire.calls());
        assertEquals(List.of("admit 7 Sender file 10 50", "note 7 Sender file 10 40"), asked);
    }

    @Test
    void eachOfItsReturnsIsToldOf() throws Exception {
        answer = 50;
        assertEquals(-1, woven(ENTRY).transferFrom(file, 100, 50));
        assertEquals(List.of("admit 7 Sender file 100 50", "note 7 Sender file 100 -1"), asked);
    }

    @Test
    void aReadFillsNoMoreThanWasAdmittedAndTheBufferKeepsItsLimit() throws Exception {
        answer = 16;
        ByteBuffer buffer = ByteBuffer.allocate(64).position(4).limit(60);
        assertEquals(16, woven(READ).head(file, buffer));
        assertEquals(20, buffer.position());
        assertEquals(60, buffer.limit());
        assertEquals(16, file.position());
        assertEquals(List.of("admit 7 Sender file -1 56", "note 7 Sender file -1 16"), asked);
    }

    @Test
    void aReadOfWhichNothingIsAdmittedIsNotMade() throws Exception {
        assertEquals(0, woven(READ).head(file, ByteBuffer.allocate(64)));
        assertEquals(0, file.position());
        assertEquals(1, asked.size());
    }

    @Test
    void aReadThatThrowsThrowsTheSameAndIsToldOf() throws Exception {
        answer = 16;
        file.close();
        ByteBuffer buffer = ByteBuffer.allocate(64);
        assertThrows(ClosedChannelException.class, () -> woven(READ).head(file, buffer));
        assertEquals(64, buffer.limit());
        assertEquals(List.of("admit 7 Sender file -1 64", "note 7 Sender file -1 -1"), asked);
    }

    /** Writes four bytes, once in each of the ways in which a socket is written to. */
    private long flushed(Weaving weaving) throws Exception {
        return flushed(weaving.recipe(ADAPTER));
    }

    private long flushed(Recipe weaving) throws Exception {
        try (ServerSocketChannel listening = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel socket = SocketChannel.open(listening.getLocalAddress())) {
            return woven(weaving).flush(socket, ByteBuffer.allocateDirect(2), ByteBuffer.allocate(2));
        }
    }

    @Test
    void aWriteOfBuffersIsHandedOverWithItsPlace() throws Exception {
        assertEquals(4, flushed(WRITE));
        String site = " io.readahead.weave.sample.Sender.flush";
        assertEquals(List.of("write 0+2" + site, "write 1+1" + site, "write 0+1" + site), asked);
    }

    @Test
    void aClassThatIsNamedAsksInEachMethodThatWrites() throws Exception {
        assertEquals(4, flushed(named("io.readahead.weave.sample")));
        assertEquals(3, asked.size());
        Recipe named = named("io.readahead.weave.sample");
        assertTrue(named.concerns(CLASS, classFileOf(Sender.class)));
        assertFalse(named.concerns(CLASS, classFileOf(Wire.class)), "it writes to no socket");
        assertNull(named.weave(null, classFileOf(Wire.class)));
        assertFalse(named("io.readahead.other").concerns(CLASS, classFileOf(Sender.class)));
    }

    private static Recipe named(String name) {
        return new WritesRecipe(new PackageFilter(List.of(name)));
    }

    @Test
    void aMethodLeavesAtItsBeginningWhereItIsToGoOnLater() throws Exception {
        Sending sender = woven(LEAVE);
        assertEquals(TimeUnit.SECONDS, sender.process());
        assertEquals(List.of(), wire.calls());
        answer = 1;
        assertEquals(TimeUnit.DAYS, sender.process());
        assertEquals(3, wire.calls().size());
        assertEquals(List.of("later 7 Sender null 3", "later 7 Sender null 3", "note 7 Sender null -1 0"), asked);
    }

    /** What is handed on of buffers of which the first is cut. */
    private static ByteBuffer[] cut(ByteBuffer[] buffers, int bytes) {
        ByteBuffer end = buffers[0].duplicate();
        end.position(end.limit());
        boolean all = buffers.length == 1 && bytes >= buffers[0].remaining();
        buffers[0].limit(buffers[0].position() + bytes);
        return new ByteBuffer[] {buffers[0], end, all ? ReadaheadHooks.ALL : ReadaheadHooks.PART};
    }

    @Test
    void aLayerIsHandedAPartAndSaysThatItDidNotTakeAll() throws Exception {
        answer = 20;
        ByteBuffer buffer = ByteBuffer.allocate(50).position(10);
        assertFalse(woven(FLUSH).take(buffer, ByteBuffer.allocate(5)));
        assertEquals(30, buffer.position());
        assertEquals(50, buffer.limit());
        assertEquals("buffer 0 10 0 20", wire.calls().get(0));
        assertFalse(wire.calls().contains("buffer 0 0 0 5"), "what comes behind it waits");
        assertEquals(List.of("part 7 Sender 2", "flushed 7 Sender 30 50"), asked);
    }

    @Test
    void aLayerThatIsHandedAllSaysWhatItSaid() throws Exception {
        answer = 40;
        assertTrue(woven(FLUSH).take(ByteBuffer.allocate(40)));
        answer = 1;
        assertFalse(woven(FLUSH).take(ByteBuffer.allocate(1)));
        answer = -1;
        assertTrue(woven(FLUSH).take(ByteBuffer.allocate(40), ByteBuffer.allocate(2)), "of no mapped file");
        assertEquals(List.of("part 7 Sender 1", "flushed 7 Sender 40 40", "part 7 Sender 1", "flushed 7 Sender 0 1", "part 7 Sender 2"),
                asked);
    }

    @Test
    void aLayerThatIsHandedNothingWaitsUntilItIsTold() throws Exception {
        Sending layer = woven(FLUSH);
        assertFalse(layer.take(ByteBuffer.allocate(40)));
        layer.goOnByItself();
        assertEquals(List.of(), wire.calls());
        answer = 1;
        layer.goOnByItself();
        assertEquals(1, wire.calls().size());
        assertEquals(List.of("part 7 Sender 1", "parked 7 Sender", "parked 7 Sender"), asked);
    }

    /** The agent may be taken off between the beginning of a call and its end. */
    @Test
    void whatWasCutIsPutBackAlsoWhereNobodyIsLeftToAsk() {
        BridgeHooks.install(null);
        ByteBuffer buffer = ByteBuffer.allocate(50);
        ByteBuffer[] part = cut(new ByteBuffer[] {buffer, ByteBuffer.allocate(5)}, 20);
        assertFalse(ReadaheadBridge.flushed(true, ADAPTER, this, part));
        assertEquals(50, buffer.limit());
        assertTrue(ReadaheadBridge.flushed(true, ADAPTER, this, cut(new ByteBuffer[] {buffer}, 50)));
    }

    @Test
    void aLayerWithoutBothMethodsIsRefused() {
        assertThrows(WrongShapeException.class, () -> woven(new AskBeforeFlush(CLASS, "take", "goOn", "both")));
        assertThrows(WrongShapeException.class, () -> woven(new AskBeforeFlush(CLASS, "flush", "goOnByItself", "both")));
    }

    @Test
    void aClassWithoutTheFieldsIsRefused() {
        Weaving other = new LeaveAtEntry(CLASS, "process", "()", "file", "Ljava/nio/channels/FileChannel;", "remaining", "SECONDS", "it");
        assertThrows(WrongShapeException.class, () -> woven(other));
    }

    @Test
    void withoutHooksEverythingIsAsItWas() throws Exception {
        BridgeHooks.install(null);
        assertEquals(4, flushed(WRITE));
        assertTrue(woven(FLUSH).take(ByteBuffer.allocate(40), ByteBuffer.allocate(2)));
        woven(FLUSH).goOnByItself();
        assertThrows(NullPointerException.class, () -> woven(FLUSH).take((ByteBuffer[]) null));
        assertEquals(TimeUnit.DAYS, woven(LEAVE).process());
        assertEquals(80, woven(CALL).callsWire("region", 1000, 5, 80));
        assertEquals(50, woven(ENTRY).transferFrom(file, 10, 50));
        assertEquals(64, woven(READ).head(file, ByteBuffer.allocate(64)));
        assertEquals(List.of(), asked);
    }

    @Test
    void aClassWithoutThePlaceIsRefusedWithWhatWasSought() {
        Weaving other = new AskAtEntry(CLASS, "transferFrom", "(Ljava/nio/channels/FileChannel;J)J", 0, 1, 1, "another transferFrom");
        WrongShapeException refusal = assertThrows(WrongShapeException.class, () -> woven(other));
        assertEquals("it has another shape than the agent knows: another transferFrom was not found", refusal.getMessage());
    }

    @Test
    void aRestOfAMappedFileIsHandedOnAsABufferOfItsOwn() throws Exception {
        answer = 1;
        ByteBuffer rest = ByteBuffer.allocate(100).position(90).limit(97);
        woven(HAND_ON).handOn(rest);
        woven(HAND_ON).handOn(ByteBuffer.allocate(8));
        assertEquals(List.of("7 of 7", "8 of 8"), wire.calls());
        assertEquals(0, rest.remaining(), "whoever handed it on has done with it");
    }

    @Test
    void aRestOfOtherMemoryIsHandedOnAsItIs() throws Exception {
        ByteBuffer rest = ByteBuffer.allocate(100).position(90);
        woven(HAND_ON).handOn(rest);
        BridgeHooks.install(null);
        woven(HAND_ON).handOn(rest);
        assertThrows(NullPointerException.class, () -> woven(HAND_ON).handOn(null));
        assertEquals(List.of("10 of 100", "10 of 100"), wire.calls());
        assertEquals(10, rest.remaining());
    }

    @Test
    void aClassThatHandsOnNothingStaysAsItIs() throws Exception {
        assertNull(new HandOnOwnPart(CLASS, "take(", "sample/Wire.add").woven(classFileOf(Sender.class), ADAPTER));
    }

    @Test
    void aMethodThatOverwritesWhatIsToldAfterwardsIsRefused() {
        Weaving overwritten = new AskAtEntry(CLASS, "skipping", "(Ljava/nio/channels/FileChannel;JJ)J", 0, 1, 2, "skipping");
        assertThrows(WrongShapeException.class, () -> woven(overwritten));
    }

    @Test
    void anInputIsAskedUnlessItsStandInIs() throws Exception {
        Sending sending = woven(CALLEE);
        answer = 1;
        assertEquals(5, sending.chunks(new Two()), "2, 1, and the 2 letters of its second argument");
        assertEquals(List.of("read 7 Sender two", "note 7 Sender two -1 1", "look 7 Sender two", "note 7 Sender two -1 1",
                "read 7 Sender two", "note 7 Sender two -1 1", "look 7 Sender two", "note 7 Sender two -1 1"), asked);
        asked.clear();
        answer = 0;
        assertEquals(0, sending.chunks(new Two()), "it suspends");
        assertEquals(List.of("read 7 Sender two", "note 7 Sender two -1 1", "look 7 Sender two", "note 7 Sender two -1 1"), asked);
    }

    @Test
    void whatAnInputThrowsIsCaughtWhereItWas() throws Exception {
        answer = 1;
        assertEquals(-1, woven(CALLEE).chunks(new Two() {
            @Override
            public int next(long factor, String word) {
                throw new IllegalStateException();
            }
        }));
    }

    @Test
    void aClassThatOnlyReadsIsOfAnotherShape() {
        AskForCallee other = new AskForCallee(CLASS, "sample/Input", new AskForCallee.Called("next", "Ljava/lang/String;)I"),
                new AskForCallee.Called("isOver", "(J)Z"), "calls of Input.next and Input.isOver");
        assertThrows(WrongShapeException.class, () -> woven(other));
    }

    /** Has two chunks. */
    private static class Two implements Input {

        private int left = 2;

        @Override
        public int next(long factor, String word) {
            return left-- * (int) factor + word.length() - 1;
        }

        @Override
        public boolean isOver() {
            return left == 0;
        }

        @Override
        public String toString() {
            return "two";
        }
    }
}
