package io.readahead.examples.demo;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.readahead.kit.Requirement;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** report.html in a real browser. Its picture is left in {@code target/report.png}. */
class ReportPageTest {

    private static final Path TARGET = Path.of("target").toAbsolutePath();
    /** More than what antialiasing leaves, fewer than the shortest line has. */
    private static final int DRAWN_PIXELS = 200;

    /** Says of each plot, in the document, where it stands and how many of its pixels have the colour of its side. */
    private static final String PROBE = """
            <script>
            addEventListener('load', () => {
              const style = getComputedStyle(document.documentElement);
              const near = (data, at, rgb) => data[at + 3] > 200
                && Math.abs(data[at] - rgb[0]) + Math.abs(data[at + 1] - rgb[1]) + Math.abs(data[at + 2] - rgb[2]) < 60;
              const plots = [...document.querySelectorAll('canvas')].map(canvas => {
                const side = canvas.closest('.with') ? 'with' : 'without', place = canvas.getBoundingClientRect();
                const hex = style.getPropertyValue('--' + side).trim();
                const rgb = [1, 3, 5].map(i => parseInt(hex.substr(i, 2), 16));
                const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
                let drawn = 0;
                for (let at = 0; at < data.length; at += 4) if (near(data, at, rgb)) drawn++;
                return { row: canvas.closest('.pair').id, side, drawn, left: place.left, top: place.top, width: place.width };
              });
              const bars = [...document.querySelectorAll('.bar > div')].map(bar => ({ side: bar.className,
                width: bar.getBoundingClientRect().width, of: bar.parentElement.getBoundingClientRect().width }));
              const made = document.createElement('script');
              made.type = 'application/json';
              made.id = 'probe';
              const headline = document.querySelector('h1').textContent;
              const cards = [...document.querySelectorAll('.card dd')].map(figure => figure.textContent);
              const lead = document.getElementById('lead').textContent;
              const selector = document.getElementById('selector').textContent;
              const wide = document.documentElement.scrollWidth > innerWidth;
              made.textContent = JSON.stringify({ plots, bars, headline, cards, lead, selector, wide });
              document.body.append(made);
            });
            </script>
            """;

    @TempDir
    private Path folder;

    @BeforeAll
    static void needsABrowser() {
        Requirement.command("chromium").orSkip();
    }

    private static String page(Summary summary, String... options) throws Exception {
        return HtmlReport.write(JsonReport.write(summary, Samples.facts(), Map.of("parks", 7L), DemoOptions.parse(List.of(options))));
    }

    private JsonObject probed(String page, int expectedErrors) throws Exception {
        Path file = Files.writeString(folder.resolve("probe.html"), page.replace("</body>", PROBE + "</body>"));
        Browser.Visit visit = Browser.dom(file);
        assertEquals(expectedErrors, visit.console().size(), () -> "what the page logs: " + visit.console());
        String dom = visit.dom();
        int probe = dom.indexOf("id=\"probe\"");
        assertTrue(probe > 0, dom);
        int begin = dom.indexOf('{', probe);
        return JsonParser.parseString(dom.substring(begin, dom.indexOf("</script>", begin))).getAsJsonObject();
    }

    @Test
    void bothSidesAreDrawnBesideEachOtherAndNothingIsLoggedAsAnError() throws Exception {
        String page = page(Samples.lifelike());
        JsonObject probe = probed(page, 0);
        JsonArray plots = probe.getAsJsonArray("plots");
        assertEquals(4, plots.size(), "latency over time and distribution, without and with");
        for (JsonElement one : plots) {
            assertTrue(one.getAsJsonObject().get("drawn").getAsInt() > DRAWN_PIXELS, () -> "a plot is blank: " + one);
        }
        for (int left = 0; left < plots.size(); left += 2) {
            JsonObject without = plots.get(left).getAsJsonObject();
            JsonObject with = plots.get(left + 1).getAsJsonObject();
            assertAll(probe.toString(),
                    () -> assertEquals("without", without.get("side").getAsString()),
                    () -> assertEquals("with", with.get("side").getAsString()),
                    () -> assertEquals(without.get("row"), with.get("row"), "the same figure"),
                    () -> assertEquals(without.get("top"), with.get("top"), "at the same height"),
                    () -> assertTrue(with.get("left").getAsDouble()
                            > without.get("left").getAsDouble() + without.get("width").getAsDouble(), "side by side"));
        }
        JsonArray bars = probe.getAsJsonArray("bars");
        assertAll(probe.toString(),
                () -> assertTrue(share(bars.get(0)) > 0.9, "without: 18.6 of 20 s asleep"),
                () -> assertEquals(0, share(bars.get(1)), "with: none"),
                () -> assertTrue(probe.get("headline").getAsString().endsWith("with the agent 1.00 \u00d7"), "slowdown in the headline"),
                () -> assertEquals("93 %", probe.getAsJsonArray("cards").get(2).getAsString(), "without: asleep"),
                () -> assertEquals("0 %", probe.getAsJsonArray("cards").get(3).getAsString(), "with: awake"),
                () -> assertFalse(probe.get("wide").getAsBoolean(), "nothing reaches past the window"));
        takePicture(page);
    }

    @Test
    void thePageSaysWhichServerAndWhichFiles() throws Exception {
        for (ServerKind kind : ServerKind.values()) {
            JsonObject probe = probed(page(Samples.lifelike(), "--server", kind.toString()), 0);
            assertEquals(kind.selector(), probe.get("selector").getAsString());
            String lead = probe.get("lead").getAsString();
            assertTrue(lead.startsWith("The server is " + kind.description() + "."), lead);
            assertTrue(lead.contains(kind.bigFilesInWords() + " in a loop"), lead);
        }
    }

    private static double share(JsonElement bar) {
        return bar.getAsJsonObject().get("width").getAsDouble() / bar.getAsJsonObject().get("of").getAsDouble();
    }

    private void takePicture(String page) throws Exception {
        Path png = TARGET.resolve("report.png");
        Files.deleteIfExists(png);
        Browser.Visit visit = Browser.screenshot(Files.writeString(folder.resolve("report.html"), page), png);
        assertEquals(List.of(), visit.console());
        BufferedImage picture = ImageIO.read(png.toFile());
        assertTrue(picture.getWidth() > 1000 && picture.getHeight() > 1000, () -> picture.getWidth() + " x " + picture.getHeight());
    }

    @Test
    void controlAPageWithoutMeasurementsIsSeenBlankAndABrokenOneIsHeard() throws Exception {
        String page = page(Samples.lifelike());
        String empty = page.replaceAll("(?s)\"timelineMaxMillis\": \\[.*?]", "\"timelineMaxMillis\": []");
        for (JsonElement one : probed(empty, 0).getAsJsonArray("plots")) {
            JsonObject plot = one.getAsJsonObject();
            assertEquals(plot.get("row").getAsString().equals("timeline"), plot.get("drawn").getAsInt() <= DRAWN_PIXELS, plot::toString);
        }
        probed(page.replace("const WITHOUT =", "nobody.knows(); const WITHOUT ="), 1);
    }
}
