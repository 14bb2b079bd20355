package io.readahead.it;

import io.readahead.kit.AgentStats;
import io.readahead.kit.Jdk;
import io.readahead.kit.ProcessCounts;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What Flight Recorder records of the agent agrees with its counters, and where nothing is recorded there is no trace of it. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.readahead.it.Jdks#chosen")
class JfrIT {

    private static final String EVENTS = "io.readahead.observe.jfr.ParkEvent";
    private static final String SITE = "io.readahead.examples.jetty.FileSlice.transferTo";
    private static final int FILES = 4;
    private static final long FILE_BYTES = 4 << 20;
    private static final int COLD_MILLIS = 20;
    /** Of the clock that the event's begin and end are taken with, and of ours, at most. */
    /** Several periods of the statistics, the first of which begins at some time after the recording. */
    private static final int STATISTICS_SECONDS = 4;
    private static final double SKEW = 0.1;

    @TempDir(factory = OnDisk.class)
    private static Path root;

    private static List<TestFile> files;

    @Parameter
    private Jdk jdk;

    @BeforeAll
    static void writeFiles() throws IOException {
        Requirement.linux().orSkip();
        files = TestFile.writeSeveral(root, "file", FILES, FILE_BYTES);
    }

    @Test
    void eventsAgreeWithTheCounters() throws Exception {
        // A budget of one window for four streams: some windows must be dropped.
        try (ServerProcess server = JettyExample.withAgent(jdk, root, "window=1m,budget=1m")
                .property("readahead.debug.cold", COLD_MILLIS).start()) {
            TestFile warmUp = TestFile.write(root.resolve("warm-up.bin"), 1);
            Downloads.atATime(JettyExample.EVENT_LOOP, server, List.of(warmUp));
            AgentCommand.freshStatus(server.pid());    // the watchdog has been around, and with it what waits for a recording
            assertFalse(isJfrLoaded(server), "as long as nothing is recorded, no event class is loaded and no thread of JFR is started");
            Map<String, String> before = AgentCommand.freshStatus(server.pid());

            Recording recording = Recording.start(jdk, server.pid(), "readahead.Park#threshold=0ns", "readahead.WarmUp#threshold=0ns");
            assertTrue(isJfrLoaded(server), "the control: now they are");
            Downloads.atATime(JettyExample.EVENT_LOOP, server, files);
            for (int second = 0; second < STATISTICS_SECONDS; second++) {
                AgentCommand.freshStatus(server.pid());
            }
            List<RecordedEvent> events = recording.stop(root.resolve("helping-" + jdk.feature() + ".jfr"));

            AgentStats stats = AgentHealth.afterStopOf(server, line -> line.contains("[jfr"));
            System.out.println("JfrIT on " + jdk + ": " + events.size() + " events; " + stats);
            assertCounts(events, before, stats);
            assertFields(events);
            assertStatistics(of(events, "Statistics"), stats);
        }
    }

    private boolean isJfrLoaded(ServerProcess server) throws Exception {
        boolean threads = ProcessCounts.threads(server.pid()).keySet().stream().anyMatch(name -> name.startsWith("JFR "));
        boolean classes = Jcmd.run(jdk, server.pid(), "VM.class_hierarchy").contains(EVENTS);
        assertEquals(threads, classes, "threads of JFR, and event classes of ours");
        return classes;
    }

    private static void assertCounts(List<RecordedEvent> events, Map<String, String> before, AgentStats stats) {
        assertAll(stats.toString(),
                () -> assertTrue(stats.parks() > FILES && stats.get("dropped") > 0, "there is something to record"),
                () -> assertEquals(stats.parks() - figure(before, "parks"), of(events, "Park").size(), "parks"),
                () -> assertEquals(stats.warmups() - figure(before, "warmups"), of(events, "WarmUp").size(), "readahead"),
                () -> assertEquals(stats.warmupBytes() - figure(before, "warmupBytes"),
                        of(events, "WarmUp").stream().mapToLong(event -> event.getLong("bytes")).sum(), "bytes read ahead"),
                () -> assertEquals(stats.get("dropped") - figure(before, "dropped"), of(events, "Dropped").size(), "dropped"),
                () -> assertEquals(0, of(events, "LoopBlocked").size(), "nothing is observed in mode=on"));
    }

    private static void assertFields(List<RecordedEvent> events) {
        for (RecordedEvent park : of(events, "Park")) {
            assertAll(park.toString(),
                    () -> assertEquals(SITE, park.getString("site")),
                    () -> assertTrue(park.getThread("parkedBy").getJavaName().startsWith(JettyExample.LOOP_THREADS)),
                    () -> assertTrue(park.getLong("position") >= 0 && park.getLong("position") < FILE_BYTES),
                    () -> assertTrue(park.getLong("count") > 0),
                    () -> assertTrue(park.getDuration().toNanos() > 0, "duration"));
        }
        for (RecordedEvent warmUp : of(events, "WarmUp")) {
            assertAll(warmUp.toString(),
                    () -> assertTrue(warmUp.getThread().getJavaName().startsWith("readahead-"), "thread"),
                    () -> assertTrue(warmUp.getString("store").matches("\\d+:\\d+"), "store"),
                    () -> assertTrue(warmUp.getLong("offset") >= 0 && warmUp.getLong("offset") < FILE_BYTES, "offset"),
                    () -> assertTrue(warmUp.getDuration("queued").toNanos() >= 0, "queued"));
        }
        assertTrue(of(events, "WarmUp").stream().anyMatch(event -> event.getBoolean("waitedFor")), "some are waited for");
        assertTrue(of(events, "Dropped").stream().allMatch(event -> event.getLong("window") > 0), "dropped windows");
        // As of the JDK's own events: words for people on every event and field.
        events.stream().map(RecordedEvent::getEventType).distinct().forEach(type -> assertAll(type.getName(),
                () -> assertTrue(type.getLabel() != null && type.getDescription() != null, "label and description"),
                () -> assertEquals(List.of("Readahead"), type.getCategoryNames()),
                () -> assertTrue(type.getFields().stream().allMatch(field -> field.getLabel() != null), "labels of fields")));
    }

    private static void assertStatistics(List<RecordedEvent> statistics, AgentStats stats) {
        assertTrue(statistics.size() >= 2, "periodic");
        RecordedEvent last = statistics.get(statistics.size() - 1);
        assertAll(last.toString(), stats.counters().keySet().stream()
                .map(name -> () -> assertEquals(stats.get(name), last.getLong(name), name)));
    }

    @Test
    void loopsThatWaitAreRecordedAndDetachingWhileItIsRecordedLeavesNothing() throws Exception {
        try (ServerProcess server = JettyExample.EVENT_LOOP.builder(jdk, root).jvm("-XX:SoftRefLRUPolicyMSPerMB=0").start()) {
            Downloads.atATime(JettyExample.EVENT_LOOP, server, files);    // what the first use loads is not the file's
            ServerProcess attach = AgentCommand.run(jdk, "attach", server.pid(), "mode=observe");
            assertEquals(0, attach.exitCode(), attach::toString);
            Recording recording = Recording.start(jdk, server.pid(), "readahead.LoopBlocked#threshold=0ns");
            AgentCommand.freshStatus(server.pid());
            for (TestFile file : files) {
                Downloads.atATime(JettyExample.EVENT_LOOP, server, List.of(file.evict()));
            }
            Map<String, String> status = AgentCommand.freshStatus(server.pid());
            ServerProcess detach = AgentCommand.run(jdk, "detach", server.pid());
            assertTrue(AgentCommand.said(detach).contains("DETACHED"), detach::toString);
            Downloads.atATime(JettyExample.EVENT_LOOP, server, List.of(files.get(0).evict()));
            List<RecordedEvent> events = of(recording.stop(root.resolve("observing-" + jdk.feature() + ".jfr")), "LoopBlocked");

            long recordedMicros = events.stream().mapToLong(event -> TimeUnit.NANOSECONDS.toMicros(event.getDuration().toNanos())).sum();
            long toldMicros = figure(status, "diskWaitMicros");
            System.out.println("JfrIT on " + jdk + ": " + events.size() + " waits of " + recordedMicros + " us; " + status);
            assertAll(events.toString(),
                    () -> assertTrue(events.size() > 0, "there is something to record"),
                    () -> assertEquals(figure(status, "diskWaits"), events.size(), "waits"),
                    // An event ends after the figure, and on a busy machine much later.
                    () -> assertTrue(recordedMicros >= toldMicros * (1 - SKEW), "microseconds waited"));
            for (RecordedEvent event : events) {
                assertAll(event.toString(),
                        () -> assertEquals(SITE, event.getString("site")),
                        () -> assertTrue(event.getThread().getJavaName().startsWith(JettyExample.LOOP_THREADS)),
                        () -> assertTrue(event.getLong("bytesSent") > 0 && event.getLong("position") < FILE_BYTES),
                        () -> assertTrue(event.getStackTrace().getFrames().stream()
                                .map(RecordedFrame::getMethod)
                                .anyMatch(method -> SITE.equals(method.getType().getName() + "." + method.getName()))));
            }
            assertTrue(events.stream().anyMatch(event -> event.getBoolean("firstPagesAbsent") && event.getBoolean("readsIssued")),
                    "the first call of an evicted file finds nothing and has the disk read");
            AgentClasses.awaitCollected(jdk, server.pid());
        }
    }

    private static List<RecordedEvent> of(List<RecordedEvent> events, String name) {
        return events.stream().filter(event -> event.getEventType().getName().equals("readahead." + name)).toList();
    }

    private static long figure(Map<String, String> status, String name) {
        return Long.parseLong(status.get(name));
    }
}
