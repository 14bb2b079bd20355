package io.readahead.it;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * What came of one run.
 *
 * @param checked records that were consumed and right
 */
record KafkaBenchResult(KafkaBenchRun.Variant variant, long checked, Map<KafkaBenchFigure, Double> figures) {

    private static final String BETWEEN = "\t";
    private static final String IS = "=";
    private static final int FIRST_FIGURE = 2;

    /** A line of the file of results. */
    String line() {
        StringBuilder line = new StringBuilder(variant.name()).append(BETWEEN).append(checked);
        figures.forEach((figure, value) -> line.append(BETWEEN).append(figure).append(IS)
                .append(String.format(Locale.ROOT, "%.3f", value)));
        return line.toString();
    }

    /** What {@link #line} wrote. */
    static KafkaBenchResult parse(String line) {
        String[] fields = line.split(BETWEEN);
        Map<KafkaBenchFigure, Double> figures = new EnumMap<>(KafkaBenchFigure.class);
        Arrays.stream(fields).skip(FIRST_FIGURE).map(field -> field.split(IS))
                .forEach(pair -> figures.put(KafkaBenchFigure.valueOf(pair[0]), Double.parseDouble(pair[1])));
        return new KafkaBenchResult(KafkaBenchRun.Variant.valueOf(fields[0]), Long.parseLong(fields[1]), figures);
    }
}
