package io.readahead.agent;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class NamedJarTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "jar=/opt/a.jar | /opt/a.jar | ''",
        "jar=/opt/a.jar,window=2m,mode=on | /opt/a.jar | window=2m,mode=on",
        "jar=/opt/a%2Cb 100%25 %252C.jar,threads=1 | /opt/a,b 100% %2C.jar | threads=1",
        "jar=/opt/a=b.jar,threads=1 | /opt/a=b.jar | threads=1"})
    void thePathStandsInFrontOfTheOptions(String arguments, Path path, String options) throws Exception {
        NamedJar named = NamedJar.of(arguments);
        assertEquals(path, named.path());
        assertEquals(options, named.options());
    }

    @Test
    void withoutOneItIsThatOfTheEntry() throws Exception {
        Path own = Path.of(NamedJar.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        for (String arguments : new String[] {null, "", "window=2m,jar=/opt/a.jar"}) {
            NamedJar named = NamedJar.of(arguments);
            assertEquals(own, named.path());
            assertEquals(arguments, named.options());
        }
    }
}
