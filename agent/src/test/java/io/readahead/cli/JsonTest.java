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
        assertEquals("{\n  \"b\": \"text\",\n  \"a\": 12\n}", Json.object(members));
        assertEquals("{}", Json.object(Map.of()));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "-1, -1", "42, 42", "999999999999999999, 999999999999999999"})
    void aWholeNumberIsWrittenAsOne(String value, String expected) {
        assertEquals("{\n  \"n\": " + expected + "\n}", Json.object(Map.of("n", value)));
    }

    @ParameterizedTest
    @CsvSource({"01", "1.5", "1e5", "+1", "-", "-01", "1234567890123456789012", "NaN", "true", "12 34", "1m"})
    void whatIsNoneIsText(String value) {
        assertEquals("{\n  \"n\": \"" + value + "\"\n}", Json.object(Map.of("n", value)));
    }

    @Test
    void listsAndObjectsNest() {
        assertEquals("{\n  \"l\": [\n    {\n      \"n\": 1\n    },\n    \"t\"\n  ]\n}",
                Json.object(Map.of("l", List.of(Map.of("n", "1"), "t"))));
        assertEquals("{\n  \"l\": []\n}", Json.object(Map.of("l", List.of())));
    }

    @Test
    void quotesBackslashesAndControlCharactersAreEscapedInNamesToo() {
        assertEquals("{\n  \"a\\\"b\": \"c\\\\d\\u000ae\\u0000\\u001f \u00e9\"\n}", Json.object(Map.of("a\"b", "c\\d\ne\0\u001f \u00e9")));
    }
}
