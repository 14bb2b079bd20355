package io.readahead.weave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.readahead.Seed;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackageFilterTest {

    @ParameterizedTest
    @CsvSource({
        "a.b, a/b/C, true",
        "a.b, a/b/c/D, true",
        "a.b, a/bc/D, false",
        "a.b.C, a/b/C$D, true",
        "a.b.C, a/b/Cd, false",
        "*.io.netty.channel, x/io/netty/channel/Y, true",
        "*.io.netty.channel, io/netty/channel/Y, false"})
    void aNameIsAPackageOrAClass(String name, String internalName, boolean expected) {
        assertEquals(expected, new PackageFilter(List.of("none", name)).matches(internalName));
    }

    /** The control is the expression that says what a name means; the seed is in the message. */
    @Test
    void itSaysWhatARegularExpressionWouldSay() {
        long seed = Seed.get();
        Random random = new Random(seed);
        int matches = 0;
        for (int round = 0; round < 200_000; round++) {
            String name = text(random, "ab.*", 8);
            String internalName = text(random, "ab/$", 10);
            String regex = Pattern.quote(name.replace('.', '/')).replace("*", "\\E.*\\Q");
            boolean expected = Pattern.matches("(?:" + regex + ")(?:[/$].*)?", internalName);
            assertEquals(expected, new PackageFilter(List.of(name)).matches(internalName),
                    () -> name + " " + internalName + " seed " + seed);
            matches += expected ? 1 : 0;
        }
        assertTrue(matches > 1000, "enough of them match: " + matches);
    }

    @Test
    void manyWildcardsTakeNoLongTime() {
        String name = "*a".repeat(5_000) + "b";
        assertFalse(new PackageFilter(List.of(name)).matches("a".repeat(20_000)), "answered at all: an expression would not be");
    }

    private static String text(Random random, String alphabet, int longest) {
        StringBuilder text = new StringBuilder();
        for (int length = 1 + random.nextInt(longest); length > 0; length--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
