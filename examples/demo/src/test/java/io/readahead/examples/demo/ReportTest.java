package io.readahead.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportTest {

    private final String json = write(List.of());

    private static String write(List<String> options) {
        try {
            return JsonReport.write(Samples.reached(), Samples.facts(), Map.of("parks", 7L), DemoOptions.parse(options));
        } catch (UsageException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void jsonHoldsEveryMeasurementAndTheMachine() {
        JsonObject results = JsonParser.parseString(json).getAsJsonObject();
        assertEquals(4, results.getAsJsonArray("table").size());
        assertEquals(4, results.getAsJsonArray("rounds").size());
        assertEquals(3, results.getAsJsonArray("rounds").get(0).getAsJsonObject().getAsJsonArray("runSeconds").size());
        assertEquals("Linux 6.18", results.getAsJsonObject("machine").get("kernel").getAsString());
        assertEquals(7, results.getAsJsonObject("agentCounters").get("parks").getAsInt());
    }

    @Test
    void pageHoldsItsDataAndItsLibraryAndNeedsNothingElse() throws Exception {
        String page = HtmlReport.write(json);
        assertTrue(page.contains("Somebody\\u0027s CPU"), "the data");
        assertTrue(page.contains("var uPlot=function"), "the library");
        assertTrue(page.contains(".u-legend"), "its style");
        assertFalse(page.contains("/*uplot") || page.contains("/*results"), "a gap that was not filled");
        assertFalse(page.matches("(?s).*(src|href)=.*") || page.contains("@import"), "something to be fetched from elsewhere");
    }

    @Test
    void textHoldsTheSeedsTableAndTheVerdicts() {
        String text = String.join("\n", TextReport.lines(Samples.reached(), Samples.facts(), ServerKind.EXAMPLE));
        assertTrue(text.contains("without the agent   0.0100                    2.00                      200.00 x"), text);
        assertTrue(text.contains("with the agent      0.0100                    0.0109                    1.09 x"), text);
        assertTrue(text.contains("9.00 s of   10 s"), text);
        assertFalse(text.contains("MISSED"), text);
    }

    @ParameterizedTest
    @CsvSource({"example, 7, 100, seven files of 100 MB, the selector thread",
        "jetty, 5, 140, five files of 140 MB, the threads that take turns in selecting"})
    void textAndJsonSayWhichServerAndWhichFiles(String server, int files, int megabytes, String inWords, String selector) throws Exception {
        JsonObject settings = JsonParser.parseString(write(List.of("--server", server))).getAsJsonObject().getAsJsonObject("settings");
        assertEquals(server, settings.get("server").getAsString());
        assertEquals(files, settings.get("bigFiles").getAsInt());
        assertEquals(megabytes, settings.get("bigFileMb").getAsInt());
        assertTrue(settings.get("bigFilesInWords").getAsString().startsWith(inWords), settings::toString);
        ServerKind kind = DemoOptions.parse(List.of("--server", server)).server();
        String text = String.join("\n", TextReport.lines(Samples.reached(), Samples.facts(), kind));
        assertTrue(text.contains("big: " + inWords) && text.contains("Beside big files, " + selector + " by /proc"), text);
    }
}
