package io.readahead.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {

    @Test
    void membersAreWrittenInTheirOrder() {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("b", "text");
        members.put("a", "12");
        assertEquals("{\n  \"b\": \"text\",\n  \"a\": 12\n}", Json.write(members));
        assertEquals("{}", Json.write(Map.of()));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "-1, -1", "42, 42", "999999999999999999, 999999999999999999"})
    void aWholeNumberIsWrittenAsOne(String value, String expected) {
        assertEquals("{\n  \"n\": " + expected + "\n}", Json.write(Map.of("n", value)));
    }

    @ParameterizedTest
    @CsvSource({"01", "1.5", "1e5", "+1", "-", "-01", "1234567890123456789012", "NaN", "true", "12 34", "1m"})
    void whatIsNoneIsText(String value) {
        assertEquals("{\n  \"n\": \"" + value + "\"\n}", Json.write(Map.of("n", value)));
    }

    @Test
    void quotesBackslashesAndControlCharactersAreEscapedInNamesToo() {
        assertEquals("{\n  \"a\\\"b\": \"c\\\\d\\u000ae\\u0000\\u001f \u00e9\"\n}", Json.write(Map.of("a\"b", "c\\d\ne\0\u001f \u00e9")));
    }

    @Test
    void mapsAndListsNest() {
        assertEquals("{\n  \"stores\": {\n    \"8:0\": [\n      1,\n      \"a\"\n    ]\n  },\n  \"none\": []\n}",
                Json.write(nested()));
    }

    private static Map<String, Object> nested() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("stores", Map.of("8:0", List.of("1", "a")));
        members.put("none", List.of());
        return members;
    }
}
