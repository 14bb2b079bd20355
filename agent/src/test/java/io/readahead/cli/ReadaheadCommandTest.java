package io.readahead.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;

/** What a terminal of 80 columns shows of the usage. */
class ReadaheadCommandTest {

    private static final int COLUMNS = 80;

    @Test
    void noLineOfTheUsageIsBroken() {
        Command usage = ReadaheadCommand.class.getAnnotation(Command.class);
        List<String> lines = Stream.of(usage.header(), usage.description(), usage.footer()).flatMap(Stream::of).toList();
        assertEquals(List.of(), lines.stream().filter(line -> line.length() >= COLUMNS).toList());
        assertTrue(lines.stream().anyMatch(line -> line.contains("budget=")), lines::toString);
    }
}
