package io.readahead.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which system calls a filter kills for, found out by children that die of them; and the program that such a child is. */
class SystemCallTrialTest {

    private static final int AARCH64_SVC = 0xd4000001;
    private static final int SYSCALL = 0x050f;

    @TempDir
    private Path folder;

    private final List<List<SystemCall>> tried = new ArrayList<>();

    /** A child that a filter kills for some calls. */
    private SystemCallTrial.Child killedFor(Set<SystemCall> deadly) {
        return calls -> {
            tried.add(List.copyOf(calls));
            int survived = 0;
            while (survived < calls.size() && !deadly.contains(calls.get(survived))) {
                survived++;
            }
            return survived;
        };
    }

    @Test
    void whereNothingKillsOneChildIsEnough() throws IOException {
        assertEquals(Set.of(), SystemCallTrial.deadly(killedFor(Set.of())));
        assertEquals(List.of(List.of(SystemCall.values())), tried);
    }

    @Test
    void eachCallThatKillsIsFoundAndNoneIsTriedTwice() throws IOException {
        for (SystemCall each : SystemCall.values()) {
            tried.clear();
            assertEquals(Set.of(each), SystemCallTrial.deadly(killedFor(Set.of(each))));
            assertTrue(tried.size() <= 2, tried::toString);
        }
        Set<SystemCall> several = EnumSet.of(SystemCall.STATX, SystemCall.PREADV2, SystemCall.CACHESTAT, SystemCall.MEMFD_CREATE);
        assertEquals(several, SystemCallTrial.deadly(killedFor(several)));
        Set<SystemCall> all = EnumSet.allOf(SystemCall.class);
        assertEquals(all, SystemCallTrial.deadly(killedFor(all)));
    }

    @Test
    void whereNoChildCanBeHadNothingIsKnown() {
        assertThrows(IOException.class, () -> SystemCallTrial.deadly(calls -> {
            throw new IOException("no child");
        }));
    }

    private boolean isFiltered(String status) throws IOException {
        return SystemCallTrial.isFiltered(List.of(Files.writeString(folder.resolve("status"), status).toString()));
    }

    @Test
    void aFilterIsSeenInTheStatusOfTheThreadOrTheProcess() throws IOException {
        assertFalse(isFiltered("Name:\tjava\nSeccomp:\t0\nSeccomp_filters:\t0\n"));
        assertFalse(isFiltered("Name:\tjava\n"), "a kernel without filters");
        assertTrue(isFiltered("Name:\tjava\nSeccomp:\t2\nSeccomp_filters:\t1\n"));
        assertTrue(SystemCallTrial.isFiltered(List.of(folder.resolve("none").toString())), "who can't know is careful");
        String off = Files.writeString(folder.resolve("off"), "Seccomp:\t0\n").toString();
        String on = Files.writeString(folder.resolve("on"), "Seccomp:\t2\n").toString();
        assertTrue(SystemCallTrial.isFiltered(List.of(off, on)), "of one of them");
    }

    @Test
    void theProgramMakesTheCallsAndNotesEach() throws Exception {
        Path notes = Files.createFile(folder.resolve("notes with a name"));
        Path program = folder.resolve("program");
        List<SystemCall> all = List.of(SystemCall.values());
        Files.write(program, SystemCallProgram.of("amd64".equals(System.getProperty("os.arch")), all, notes.toString()));
        assertTrue(program.toFile().setExecutable(true));
        assertEquals(0, new ProcessBuilder(program.toString()).inheritIO().start().waitFor());
        assertEquals(all.size(), Files.size(notes), "calls that came back");
    }

    @Test
    void aChildOfThisProcessSurvivesAllOfThem() throws IOException {
        SpawnedChild child = new SpawnedChild();
        for (int round = 0; round < 3; round++) {
            assertEquals(SystemCall.values().length, child.survived(List.of(SystemCall.values())));
        }
        assertEquals(1, child.survived(List.of(SystemCall.MINCORE)), "one that is not asked to wait first");
    }

    /** What aarch64's assembler makes of it, on whichever processor this runs. */
    @Test
    void onAarch64TheArgumentsAreMovedByHalfwords() {
        ByteBuffer code = codeOf(false);
        int call = 0;
        List<Integer> numbers = new ArrayList<>();
        int number = -1;
        while (code.remaining() >= Integer.BYTES) {
            int instruction = code.getInt();
            if ((instruction & 0xffe0001f) == 0xd2800008) {    // movz x8, #number
                number = instruction >>> 5 & 0xffff;
            } else if (instruction == AARCH64_SVC) {
                numbers.add(number);
                call++;
            }
        }
        assertEquals(List.of(167, 56, 451, 64, 94), numbers, "prctl, openat, cachestat, write, exit_group");
        assertEquals(5, call);
        code.rewind();
        assertEquals(0xd2800080, code.getInt(), "mov x0, #4");
        assertEquals(0xf2a00000, code.getInt(), "movk x0, #0, lsl #16");
        assertEquals(0xf2c00000, code.getInt(), "movk x0, #0, lsl #32");
        assertEquals(0xf2e00000, code.getInt(), "movk x0, #0, lsl #48");
    }

    @Test
    void onAmd64TheNumberIsInEax() {
        ByteBuffer code = codeOf(true);
        List<Integer> numbers = new ArrayList<>();
        for (int at = 0; at + 7 <= code.limit(); at++) {
            if (code.get(at) == (byte) 0xb8 && code.getShort(at + 5) == SYSCALL) {
                numbers.add(code.getInt(at + 1));
            }
        }
        assertEquals(List.of(157, 257, 451, 1, 231), numbers, "prctl, openat, cachestat, write, exit_group");
    }

    private static ByteBuffer codeOf(boolean amd64) {
        ByteBuffer image = ByteBuffer.wrap(SystemCallProgram.of(amd64, List.of(SystemCall.CACHESTAT), "/n"))
                .order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(amd64 ? 62 : 183, image.getShort(18), "processor");
        return image.position((int) (image.getLong(24) - 0x400000)).slice().order(ByteOrder.LITTLE_ENDIAN);
    }
}
