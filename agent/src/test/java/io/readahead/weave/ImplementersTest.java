package io.readahead.weave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.Test;

class ImplementersTest {

    private static final String REGION = "of/a/server/Region";
    private static final String OBJECT = "java/lang/Object";
    private static final int INTERFACE = Opcodes.ACC_PUBLIC | Opcodes.ACC_INTERFACE | Opcodes.ACC_ABSTRACT;

    private final Implementers implementers = new Implementers(List.of(REGION));
    private final Map<String, byte[]> files = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private final ClassLoader loader = new ClassLoader(null) {
        @Override
        public InputStream getResourceAsStream(String name) {
            asked.add(name);
            byte[] file = files.get(name);
            return file == null ? null : new ByteArrayInputStream(file);
        }
    };

    /** As a server's interface, for classes that are loaded. */
    interface Region {
    }

    private abstract static class Base implements Region {
    }

    private static final class Own extends Base {
    }

    private static byte[] sending(String superclass, String... interfaces) {
        return SendingClass.calling(Opcodes.INVOKEVIRTUAL, Ancestry.FILE_CHANNEL, ConstantPoolScan.METHOD, ConstantPoolScan.DESCRIPTOR,
                superclass, interfaces);
    }

    private void has(int access, String name, String superclass, String... interfaces) {
        files.put(name + ".class", SendingClass.empty(access, name, superclass, interfaces));
    }

    @Test
    void aClassThatImplementsTheInterfaceAndSendsIsOne() {
        assertTrue(implementers.include(loader, sending(OBJECT, "other/One", REGION)));
        assertTrue(implementers.include(loader, sending(OBJECT, "shaded/" + REGION)), "relocated");
        assertEquals(List.of(), asked, "no other class file is needed");
    }

    @Test
    void soIsOneWhoseAncestorsDo() {
        has(Opcodes.ACC_PUBLIC, "a/Base", "a/Deeper");
        has(Opcodes.ACC_PUBLIC, "a/Deeper", OBJECT, "a/Longer");
        has(INTERFACE, "a/Longer", OBJECT, "x/" + REGION);
        assertTrue(implementers.include(loader, sending("a/Base")));
        assertTrue(implementers.include(loader, sending("a/Gone", "a/Longer")), "an ancestor whose file is not to be had hides no other");
    }

    @Test
    void allElseIsNone() {
        has(Opcodes.ACC_PUBLIC, "a/Base", "a/Base", "a/Base");
        assertFalse(implementers.include(loader, sending("a/Base", "a/Gone", "a/" + REGION + "s")));
        assertFalse(implementers.include(null, sending(OBJECT, REGION)), "the JDK's own");
        assertFalse(Implementers.NONE.include(loader, sending(OBJECT, REGION)));
        byte[] file = sending(OBJECT, REGION);
        file[7] = (byte) 0xFF;
        assertFalse(implementers.include(loader, file), "newer than is known");
    }

    @Test
    void nothingIsLookedUpForAClassThatDoesNotSend() {
        assertFalse(implementers.include(loader, SendingClass.empty(Opcodes.ACC_PUBLIC, "a/Silent", "a/Base", REGION)));
        assertEquals(List.of(), asked);
    }

    @Test
    void aLoadedClassIsKnownByItsAncestors() {
        Implementers loaded = new Implementers(List.of("weave/ImplementersTest$Region"));
        assertTrue(loaded.mayInclude(Own.class));
        assertFalse(loaded.mayInclude(ImplementersTest.class));
        assertFalse(loaded.mayInclude(String.class));
        assertFalse(Implementers.NONE.mayInclude(Own.class));
    }

    @Test
    void itIsWovenWhateverItsPackage() {
        byte[] file = sending(OBJECT, REGION);
        assertNotNull(transformer(implementers).transform(loader, SendingClass.NAME, null, null, file));
        assertNull(transformer(Implementers.NONE).transform(loader, SendingClass.NAME, null, null, file));
        assertNull(transformer(implementers).transform(loader, SendingClass.NAME, null, null, sending(OBJECT, "other/Region")));
    }

    private CallSiteTransformer transformer(Implementers implementers) {
        return new CallSiteTransformer(new PackageFilter(List.of("none")), implementers,
                Recipes.of(List.of(), List.of(), PackageFilter.NOTHING), () -> { },
                line -> { }, line -> { }, (site, met) -> { });
    }
}
