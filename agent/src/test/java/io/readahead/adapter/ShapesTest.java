package io.readahead.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShapesTest {

    private final List<Class<?>> asked = new ArrayList<>();
    private final List<String> reports = new ArrayList<>();
    private final Shapes<String> shapes = new Shapes<>(type -> {
        asked.add(type);
        if (type == Integer.class) {
            throw new NoSuchFieldException("value");
        }
        if (type == Long.class) {
            throw new IllegalStateException("broken");
        }
        return type == String.class ? "text" : null;
    }, reports::add);

    @Test
    void aClassIsLookedAtOnce() {
        assertEquals("text", shapes.of("one"));
        assertEquals("text", shapes.of("two"));
        assertNull(shapes.of('c'));
        assertNull(shapes.of('d'));
        assertEquals(List.of(String.class, Character.class), asked);
        assertEquals(List.of(), reports);
    }

    @Test
    void aClassOfAnotherShapeIsReportedOnceWithWhatIsMissing() {
        assertNull(shapes.of(1));
        assertNull(shapes.of(2));
        assertNull(shapes.of(3L));
        assertEquals(2, reports.size());
        assertTrue(reports.get(0).contains("java.lang.Integer") && reports.get(0).contains("value"), reports.get(0));
    }

    @Test
    void afterwardsNothingIsKeptWithTheServersClasses() {
        shapes.of("one");
        shapes.forget();
        assertEquals("text", shapes.of("a call that was under way"));
        assertEquals("text", shapes.of("and another"));
        assertEquals(List.of(String.class, String.class, String.class), asked, "found anew each time, for nothing is kept");
    }

    @Test
    void anAncestorIsFoundByTheEndOfItsName() throws ClassNotFoundException {
        assertEquals(Number.class, Reflection.ancestor(Integer.class, "lang.Number"));
        assertEquals(Integer.class, Reflection.ancestor(Integer.class, "java.lang.Integer"));
        assertThrows(ClassNotFoundException.class, () -> Reflection.ancestor(Integer.class, "lang.String"));
    }
}
