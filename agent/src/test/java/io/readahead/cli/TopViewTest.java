package io.readahead.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopViewTest {

    private static final int COLUMNS = 80;
    private static final String END_OF_LINE = "\u001b[K";

    @Test
    void whatPassesThroughIsShownWithItsReasonAndWhyNothingIsHelped() {
        String why = "every call passed through so far: com.example.Server.send writes to com.example.a.long.name.of.a.TlsChannel, which"
                + " the agent doesn't know";
        String screen = new TopView(7, Map.of("uptimeMillis", "1000", "passedThrough", "10"), Map.of("uptimeMillis", "2000",
                "passedThrough", "30", "nothingHelped", why, "passed.1", "28 TARGET com.example.TlsChannel com.example.Server.send",
                "passed.2", "2 TO_FILE sun.nio.ch.FileChannelImpl com.example.Server.copy")).screen();
        List<String> lines = screen.lines().map(line -> line.replace(END_OF_LINE, "")).toList();
        assertAll(screen,
                () -> assertTrue(screen.contains("20 /s    through, 30 in all"), "rate and total"),
                () -> assertTrue(String.join(" ", lines).contains(why), "the whole sentence, over several lines"),
                () -> assertTrue(lines.stream().anyMatch(line -> line.matches("com.example.Server.send +TARGET +[a-zA-Z.]+ +28")),
                        "the row of a reason"),
                () -> assertTrue(lines.stream().anyMatch(line -> line.contains("TO_FILE")), "and of the other"),
                () -> assertTrue(lines.stream().allMatch(line -> line.length() <= COLUMNS), "columns"));
    }
}
