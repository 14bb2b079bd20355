package io.readahead.it;

import io.readahead.kit.Jdk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** A recording of Flight Recorder in a server, made by the JDK's own command with the configuration that the examples have. */
final class Recording {

    private static final String NAME = "readahead";

    private final Jdk jdk;
    private final long pid;

    private Recording(Jdk jdk, long pid) {
        this.jdk = jdk;
        this.pid = pid;
    }

    /** @param settings further ones, such as {@code readahead.Park#threshold=0ns} */
    static Recording start(Jdk jdk, long pid, String... settings) throws Exception {
        String[] command = new String[settings.length + 3];
        command[0] = "JFR.start";
        command[1] = "name=" + NAME;
        command[2] = "settings=" + Path.of(Artifacts.property("readahead.examples.dir"), "jfr", "readahead.jfc");
        System.arraycopy(settings, 0, command, 3, settings.length);
        String answer = Jcmd.run(jdk, pid, command);
        assertTrue(answer.contains("Started recording"), answer);
        return new Recording(jdk, pid);
    }

    /** Ends it. @return the agent's events, oldest first */
    List<RecordedEvent> stop(Path file) throws IOException, InterruptedException {
        String answer = Jcmd.run(jdk, pid, "JFR.stop", "name=" + NAME, "filename=" + file);
        assertTrue(answer.contains("Stopped recording"), answer);
        return RecordingFile.readAllEvents(file).stream().filter(event -> event.getEventType().getName().startsWith("readahead."))
                .sorted((one, other) -> one.getEndTime().compareTo(other.getEndTime())).toList();
    }
}
