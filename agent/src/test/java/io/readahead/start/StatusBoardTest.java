package io.readahead.start;

import io.readahead.jdk.JdkInternals;
import java.io.IOException;
import java.io.StringReader;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** What is read while figures are published is all of one moment. */
@Timeout(60)
class StatusBoardTest {

    private static final int READS = 2000;
    private static final String REPORT = " # a\n!b\\:=\u00e4\t \r\n";

    private final Properties board = JdkInternals.agentProperties();

    @AfterEach
    void clear() {
        StatusBoard.clear();
    }

    @Test
    void figuresThatAreReadTogetherAreOfOneMoment() throws Exception {
        StatusBoard.publish(Map.of("calls", "0", "cold", "0", "report", REPORT));
        AtomicBoolean over = new AtomicBoolean();
        Thread publisher = new Thread(() -> {
            for (int moment = 1; !over.get(); moment++) {
                String figure = Integer.toString(moment);
                StatusBoard.publish(Map.of("calls", figure, "cold", figure, "report", REPORT));
            }
        });
        publisher.start();
        try {
            for (int i = 0; i < READS; i++) {
                Properties told = told();
                assertEquals(told.getProperty("calls"), told.getProperty("cold"));
                assertEquals(REPORT, told.getProperty("report"));
            }
        } finally {
            over.set(true);
            publisher.join();
        }
    }

    @Test
    void figuresThatAreThereNoLongerAreToldNoLonger() throws Exception {
        StatusBoard.publish(Map.of("slow.1", "of before", "calls", "1"));
        StatusBoard.publish(Map.of("loop.default task-3:=\\", REPORT, "calls", ""));
        assertEquals(Map.of("loop.default task-3:=\\", REPORT, "calls", ""), told());
        StatusBoard.clear();
        assertEquals(Map.of(), told());
    }

    /** As the attach mechanism takes them: name by name. */
    private Properties told() throws IOException {
        Properties all = new Properties();
        Set<String> names = board.stringPropertyNames();
        for (String name : names) {
            all.put(name, board.getProperty(name, ""));
        }
        Properties figures = new Properties();
        figures.load(new StringReader(all.getProperty("readahead.figures", "")));
        return figures;
    }
}
