package io.readahead.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Paths and rights of a process whose root is a folder of ours. */
class ServerFileTest {

    private static final ServerUser ROOT = new ServerUser(0, Set.of(0), true);
    private static final ServerUser NOBODY = new ServerUser(65_534, Set.of(65_534), false);

    @TempDir
    private Path root;

    @BeforeEach
    void makeFiles() throws IOException {
        allow("rwxr-xr-x", root);
        allow("rwxr-xr-x", Files.createDirectories(root.resolve("opt/agents/1.0")));
        allow("rw-r--r--", Files.writeString(root.resolve("opt/agents/1.0/a.jar"), "jar"));
        Files.createSymbolicLink(root.resolve("opt/agents/current"), Path.of("/opt/agents/1.0"));
        Files.createSymbolicLink(root.resolve("opt/a.jar"), Path.of("agents/current/../current/a.jar"));
        Files.createSymbolicLink(root.resolve("opt/loop"), Path.of("/opt/loop"));
        Files.createSymbolicLink(root.resolve("opt/out"), Path.of("../../../../../opt/agents/1.0/a.jar"));
    }

    @ParameterizedTest
    @CsvSource({"/opt/agents/1.0/a.jar", "/opt/agents/current/a.jar", "/opt/a.jar", "/opt/out"})
    void linksAreFollowedBelowTheRootOfTheProcess(Path path) {
        ServerFile file = ServerFile.find(root, NOBODY, path);
        assertEquals(root.resolve("opt/agents/1.0/a.jar"), file.here());
        assertNull(file.missing());
        assertNull(file.barrier());
        assertEquals(path, file.path());
    }

    @ParameterizedTest
    @CsvSource({"/opt/agents/2.0/a.jar, /opt/agents/2.0", "/opt/agents/current/b.jar, /opt/agents/1.0/b.jar", "/opt/loop, /opt/loop",
        "/opt/a.jar/x, /opt/agents/1.0/a.jar/x"})
    void theFirstNameThatIsNotThereIsNamed(Path path, Path missing) {
        assertEquals(missing, ServerFile.find(root, ROOT, path).missing());
    }

    @Test
    void theFirstNameThatShutsAUserOutIsNamed() throws IOException {
        allow("rwx------", root.resolve("opt/agents"));
        ServerFile file = ServerFile.find(root, NOBODY, Path.of("/opt/a.jar"));
        assertEquals(Path.of("/opt/agents"), file.barrier());
        assertTrue(file.isCertainlyShut());
        assertTrue(file.barrierRights().startsWith("rwx------, of user "), file.barrierRights());
        assertNull(ServerFile.find(root, ROOT, Path.of("/opt/a.jar")).barrier());
        allow("rwxr-xr-x", root.resolve("opt/agents"));
        allow("rw-r-----", root.resolve("opt/agents/1.0/a.jar"));
        ServerFile listed = ServerFile.find(root, NOBODY, Path.of("/opt/a.jar"));
        assertEquals(Path.of("/opt/agents/1.0/a.jar"), listed.barrier());
        assertFalse(listed.isCertainlyShut(), "a list of rights may let this user in");
    }

    @Test
    void theRightsOfAProcessAreThoseOfItsFileSystemUser() {
        ServerUser user = ServerUser.parse("Name:\tjava\nUid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\nGroups:\t9 10 \nCapEff:\t0000000000000001\n");
        assertEquals(new ServerUser(4, Set.of(8, 9, 10), false), user);
        assertTrue(ServerUser.parse("Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nGroups:\t\nCapEff:\t000001ffffffffff\n").readsAll());
        assertTrue(ServerUser.parse("Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nCapEff:\t0000000000000004\n").readsAll());
    }

    @ParameterizedTest
    @CsvSource({"4, 7, 0400, YES", "4, 7, 0044, NO", "7, 9, 0040, YES", "7, 9, 0404, NO", "7, 7, 0004, YES", "7, 7, 0700, NO",
        "7, 7, 0740, PERHAPS_NOT"})
    void modesAreReadAsTheKernelDoes(int owner, int group, String mode, ServerUser.Access access) {
        assertEquals(access, new ServerUser(4, Set.of(8, 9), false).to(Integer.parseInt(mode, 8), owner, group, ServerUser.READ));
    }

    private static void allow(String permissions, Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}
