package io.readahead.it.soak;

import io.readahead.it.FileServer;
import io.readahead.it.NettyServer;
import io.readahead.it.StockJetty;
import io.readahead.it.TomcatServer;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The soak can fail: what nobody did is not explained. */
class JudgeTest {

    private static final int NUMBER = 5;
    private static final long BYTES = 64 << 10;
    private static final long HALF = BYTES / 2;
    private static final long LONG_AGO_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** It keeps nothing, and looks once. */
    private static final FileServer NETTY = new NettyServer("4.2", "nio", "/files/");

    @TempDir
    private Path folder;

    private SoakFile file;
    private SoakFile other;
    private long begin;

    @BeforeEach
    void write() throws Exception {
        file = SoakFile.write(NUMBER, folder.resolve("file.bin"), BYTES, uid());
        other = SoakFile.write(NUMBER + 1, folder.resolve("other.bin"), BYTES, uid());
        begin = System.nanoTime();
    }

    private int uid() throws Exception {
        return (int) Files.getAttribute(folder, "unix:uid");
    }

    private static BodyChecker body(int number, int version, long bytes) {
        BodyChecker checker = new BodyChecker(NUMBER, 0);
        byte[] content = SoakContent.fill(ByteBuffer.allocate((int) bytes), number, version, 0, (int) bytes).array();
        checker.accept(content, content.length);
        return checker.finish();
    }

    private Exchange whole(int status, BodyChecker body, long announced, long received) {
        return exchange(null, Manner.READS, false, status, body, announced, received, false);
    }

    private Exchange exchange(SoakFile next, Manner manner, boolean brokenOff, int status, BodyChecker body, long announced,
                              long received, boolean hung) {
        long now = System.nanoTime();
        return new Exchange("server", NETTY, "/file.bin", file, next, 0, Exchange.WHOLE, manner, brokenOff, begin, now, now, status,
                announced, received, body, "closed by the server", hung);
    }

    private Exchange whole(FileServer kind, int status, BodyChecker body, long announced, long received) {
        long now = System.nanoTime();
        return new Exchange("server", kind, "/file.bin", file, null, 0, Exchange.WHOLE, Manner.READS, false, begin, now, now, status,
                announced, received, body, "open", false);
    }

    private static void assertVerdict(Verdict.Kind kind, Exchange exchange) {
        Verdict verdict = Judge.of(exchange);
        assertEquals(kind, verdict.kind(), verdict::why);
    }

    @Test
    void whatIsWholeAndRightIsComplete() {
        assertVerdict(Verdict.Kind.COMPLETE, whole(200, body(NUMBER, 0, BYTES), BYTES, BYTES));
    }

    @Test
    void aWrongByteHasNoExcuseNotEvenAFaultOrAClientThatBrokeOff() throws Exception {
        file.truncate(HALF);
        file.replace(BYTES);
        assertVerdict(Verdict.Kind.UNEXPLAINED, exchange(null, Manner.CLOSES, true, 200, body(NUMBER + 1, 0, BYTES), BYTES, BYTES, false));
    }

    @Test
    void anIncompleteResponseNeedsACause() throws Exception {
        assertVerdict(Verdict.Kind.UNEXPLAINED, whole(200, body(NUMBER, 0, HALF), BYTES, HALF));
        assertVerdict(Verdict.Kind.EXPLAINED,
                exchange(null, Manner.CLOSES, true, 200, body(NUMBER, 0, HALF), BYTES, HALF, false));
        file.truncate(HALF);
        assertVerdict(Verdict.Kind.EXPLAINED, whole(200, body(NUMBER, 0, HALF), BYTES, HALF));
    }

    @Test
    void onlyWhoKeepsSmallFilesMaySendOneThatWasReplacedAMomentAgo() throws Exception {
        file.replace(HALF);
        begin = System.nanoTime();
        for (FileServer keeps : List.of(TomcatServer.TOMCAT_11, TomcatServer.TOMCAT_11.secured(), StockJetty.COPIED)) {
            assertVerdict(Verdict.Kind.COMPLETE, whole(keeps, 200, body(NUMBER, 0, HALF), HALF, HALF));
        }
        assertVerdict(Verdict.Kind.UNEXPLAINED, whole(NETTY, 200, body(NUMBER, 0, HALF), HALF, HALF));
    }

    @Test
    void onlyWhoLooksTwiceMayFailWhereAFileWasChangedMeanwhileWithoutBeingCut() throws Exception {
        file.replace(BYTES);
        for (int status : new int[] {200, 416, 500}) {
            long announced = status == 200 ? BYTES : 0;
            long received = announced / 2;
            assertVerdict(Verdict.Kind.EXPLAINED, whole(StockJetty.COPIED, status, body(NUMBER, 1, received), announced, received));
            assertVerdict(Verdict.Kind.UNEXPLAINED, whole(NETTY, status, body(NUMBER, 1, received), announced, received));
        }
        begin = System.nanoTime();
        for (int status : new int[] {200, 416, 500}) {
            long announced = status == 200 ? BYTES : 0;
            long received = announced / 2;
            assertVerdict(Verdict.Kind.UNEXPLAINED, whole(StockJetty.COPIED, status, body(NUMBER, 1, received), announced, received));
        }
    }

    @Test
    void aServerMayFailWhereTheFileEndsBeforeTheRange() throws Exception {
        Exchange failed = new Exchange("server", NETTY, "/file.bin", file, null, HALF, HALF, Manner.READS, false, begin, begin,
                Long.MAX_VALUE / 2, 500, 0, 0, body(NUMBER, 0, 0), "open", false);
        assertVerdict(Verdict.Kind.UNEXPLAINED, failed);
        file.truncate(HALF + 1);
        assertVerdict(Verdict.Kind.UNEXPLAINED, failed);
        file.truncate(HALF);
        assertVerdict(Verdict.Kind.EXPLAINED, failed);
    }

    @Test
    void whatHappenedLongBeforeOrAfterwardsExplainsNothing() throws Exception {
        file.truncate(HALF);
        file.grow();
        begin = System.nanoTime() + LONG_AGO_NANOS;
        assertVerdict(Verdict.Kind.UNEXPLAINED, whole(200, body(NUMBER, 0, HALF), BYTES, HALF));
        begin = System.nanoTime();
        Exchange over = whole(200, body(NUMBER, 0, HALF), BYTES, HALF);
        Exchange another = new Exchange("server", NETTY, "/other.bin", other, null, 0, Exchange.WHOLE, Manner.READS, false, begin, begin,
                begin, 200, BYTES, HALF, over.body(), "closed by the server", false);
        other.truncate(HALF);
        assertVerdict(Verdict.Kind.UNEXPLAINED, another);
    }

    @Test
    void aClientThatGaveUpWaitingIsNeverExplained() throws Exception {
        file.truncate(HALF);
        assertVerdict(Verdict.Kind.UNEXPLAINED, exchange(null, Manner.READS, false, 200, body(NUMBER, 0, HALF), BYTES, HALF, true));
    }

    @Test
    void aStatusNeedsAFileThatWasGoneOrRefused() throws Exception {
        assertVerdict(Verdict.Kind.UNEXPLAINED, whole(404, body(NUMBER, 0, 0), 0, 0));
        assertVerdict(Verdict.Kind.UNEXPLAINED, whole(Exchange.NO_ANSWER, body(NUMBER, 0, 0), 0, 0));
        file.deny();
        assertVerdict(Verdict.Kind.EXPLAINED, whole(403, body(NUMBER, 0, 0), 0, 0));
        assertVerdict(Verdict.Kind.EXPLAINED, whole(Exchange.NO_ANSWER, body(NUMBER, 0, 0), 0, 0));
        assertVerdict(Verdict.Kind.UNEXPLAINED, whole(204, body(NUMBER, 0, 0), 0, 0));
    }

    @Test
    void aVersionAndALengthMustHaveBeen() throws Exception {
        assertVerdict(Verdict.Kind.UNEXPLAINED, whole(200, body(NUMBER, 1, BYTES), BYTES, BYTES));
        assertVerdict(Verdict.Kind.UNEXPLAINED, whole(200, body(NUMBER, 0, HALF), HALF, HALF));
        file.replace(HALF);
        assertVerdict(Verdict.Kind.COMPLETE, whole(200, body(NUMBER, 1, HALF), HALF, HALF));
    }

    @Test
    void zerosNeedACut() throws Exception {
        byte[] zeros = new byte[SoakContent.WORD_BYTES];
        BodyChecker cleared = body(NUMBER, 0, BYTES - zeros.length);
        cleared.accept(zeros, zeros.length);
        cleared.finish();
        assertVerdict(Verdict.Kind.UNEXPLAINED, whole(200, cleared, BYTES, BYTES));
        file.truncate(HALF);
        file.grow();
        assertVerdict(Verdict.Kind.COMPLETE, whole(200, cleared, BYTES, BYTES));
    }

    @Test
    void theNextRequestOfAPipelineExplainsOnlyWhereItsFileWasGone() throws Exception {
        Exchange cut = exchange(other, Manner.PIPELINES, false, 200, body(NUMBER, 0, HALF), BYTES, HALF, false);
        assertVerdict(Verdict.Kind.UNEXPLAINED, cut);
        other.delete();
        assertVerdict(Verdict.Kind.EXPLAINED, exchange(other, Manner.PIPELINES, false, 200, body(NUMBER, 0, HALF), BYTES, HALF, false));
    }

    @Test
    void theTallyKeepsWhatIsNotExplained() {
        List<String> told = new ArrayList<>();
        Tally tally = new Tally(told::add);
        tally.judged(whole(200, body(NUMBER, 0, BYTES), BYTES, BYTES));
        assertEquals(0, tally.problemCount());
        tally.judged(whole(200, body(NUMBER, 0, HALF), BYTES, HALF));
        assertEquals(1, tally.problemCount());
        assertTrue(tally.problems().get(0).startsWith("cut short"), () -> tally.problems().toString());
        assertEquals(1, told.size());
    }
}
