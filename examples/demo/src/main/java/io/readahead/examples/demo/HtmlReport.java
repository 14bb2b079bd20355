package io.readahead.examples.demo;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/** report.html: one page that needs nothing else, with uPlot and the results inside. */
final class HtmlReport {

    private static final String UPLOT = "/META-INF/resources/webjars/uplot/";

    private HtmlReport() {
    }

    /**
     * The page.
     *
     * @param results text of results.json; Gson writes {@code <} as an escape, so it can't end the script that holds it
     */
    static String write(String results) throws IOException {
        Properties versions = new Properties();
        versions.load(HtmlReport.class.getResourceAsStream("versions.properties"));
        String dist = UPLOT + versions.getProperty("uplot") + "/dist/";
        return resource("report.html")
                .replace("/*uplot.css*/", resource(dist + "uPlot.min.css"))
                .replace("/*uplot.js*/", resource(dist + "uPlot.iife.min.js"))
                .replace("/*results.json*/", results);
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new FileNotFoundException("no " + name + " on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
