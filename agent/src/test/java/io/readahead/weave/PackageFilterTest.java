package io.readahead.weave;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
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
}
