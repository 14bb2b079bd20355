package io.readahead.kit;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Becomes another program, to which the kernel answers some system calls with an error: an old kernel, or a container's profile. Or which
 * it kills for them: a unit of systemd.
 *
 * <p>A program of its own: {@code java io.readahead.kit.WithoutSystemCalls ERRNO NAME,NAME,... COMMAND...}.
 * <p>Errors: a stack trace and exit code 1.
 * <p>Source: seccomp(2), SECCOMP_SET_MODE_FILTER; prctl(2); execv(3): the calling thread stays, with its filter, and the others end.
 */
public final class WithoutSystemCalls {

    /** asm-generic/errno-base.h: what container engines of some age answer. */
    public static final int EPERM = 1;
    /** asm-generic/errno.h: what an old kernel answers. */
    public static final int ENOSYS = 38;
    /** The call does nothing and says that it has. */
    public static final int NOTHING = 0;
    /** No error: the process is killed. */
    public static final int KILL = -1;

    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int PR_SET_SECCOMP = 22;
    private static final int SECCOMP_MODE_FILTER = 2;
    private static final int SECCOMP_RET_ERRNO = 0x00050000;
    private static final int SECCOMP_RET_ALLOW = 0x7fff0000;
    private static final int SECCOMP_RET_KILL_PROCESS = 0x80000000;
    // linux/bpf_common.h
    private static final int LOAD_WORD = 0x20;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int RETURN = 0x06;
    private static final int INSTRUCTION_BYTES = 8;
    private static final int PROGRAM_BYTES = 16;

    private static final boolean AMD64 = System.getProperty("os.arch").equals("amd64");

    private WithoutSystemCalls() {
    }

    /** The two that this needs. */
    interface Process extends Library {
        int prctl(int option, long second, Pointer third, long fourth, long fifth) throws LastErrorException;

        int execv(String path, String[] arguments) throws LastErrorException;
    }

    /** The command that goes before another one. */
    public static String[] wrapper(int errno, String... names) {
        return new String[] {Jdk.current().java().toString(), "--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1",
                "-cp", classPath(WithoutSystemCalls.class) + File.pathSeparator + classPath(Native.class),
                WithoutSystemCalls.class.getName(), Integer.toString(errno), String.join(",", names)};
    }

    private static String classPath(Class<?> type) {
        return new File(type.getProtectionDomain().getCodeSource().getLocation().getPath()).getPath();
    }

    /** Arguments: errno, names, and the command with its own. */
    public static void main(String[] arguments) {
        List<long[]> program = new ArrayList<>();
        program.add(new long[] {LOAD_WORD, 0, 0, 0});
        String[] names = arguments[1].split(",");
        for (int index = 0; index < names.length; index++) {
            program.add(new long[] {JUMP_IF_EQUAL, names.length - index, 0, number(names[index])});
        }
        program.add(new long[] {RETURN, 0, 0, SECCOMP_RET_ALLOW});
        int errno = Integer.parseInt(arguments[0]);
        program.add(new long[] {RETURN, 0, 0, errno == KILL ? SECCOMP_RET_KILL_PROCESS : SECCOMP_RET_ERRNO | errno});
        try (Memory instructions = new Memory((long) program.size() * INSTRUCTION_BYTES); Memory filter = new Memory(PROGRAM_BYTES)) {
            for (int index = 0; index < program.size(); index++) {
                long[] each = program.get(index);
                instructions.setShort((long) index * INSTRUCTION_BYTES, (short) each[0]);
                instructions.setByte((long) index * INSTRUCTION_BYTES + 2, (byte) each[1]);
                instructions.setByte((long) index * INSTRUCTION_BYTES + 3, (byte) each[2]);
                instructions.setInt((long) index * INSTRUCTION_BYTES + 4, (int) each[3]);
            }
            filter.setShort(0, (short) program.size());
            filter.setPointer(INSTRUCTION_BYTES, instructions);
            Process process = Native.load("c", Process.class);
            process.prctl(PR_SET_NO_NEW_PRIVS, 1, Pointer.NULL, 0, 0);
            process.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, filter, 0, 0);
            process.execv(arguments[2], Arrays.copyOfRange(arguments, 2, arguments.length));
        }
    }

    private static int number(String name) {
        return switch (name) {
            // asm/unistd_64.h of x86; asm-generic/unistd.h of all newer ones.
            case "preadv2" -> AMD64 ? 327 : 286;
            case "statx" -> AMD64 ? 332 : 291;
            case "cachestat" -> 451;
            case "mincore" -> AMD64 ? 27 : 232;
            case "fadvise64" -> AMD64 ? 221 : 223;
            case "getrusage" -> AMD64 ? 98 : 165;
            case "memfd_create" -> AMD64 ? 319 : 279;
            case "sendfile" -> AMD64 ? 40 : 71;
            case "wait4" -> AMD64 ? 61 : 260;
            case "process_vm_readv" -> AMD64 ? 310 : 270;
            case "ptrace" -> AMD64 ? 101 : 117;
            case "perf_event_open" -> AMD64 ? 298 : 241;
            case "bpf" -> AMD64 ? 321 : 280;
            case "add_key" -> AMD64 ? 248 : 217;
            case "keyctl" -> AMD64 ? 250 : 219;
            case "request_key" -> AMD64 ? 249 : 218;
            case "mount" -> AMD64 ? 165 : 40;
            case "umount2" -> AMD64 ? 166 : 39;
            case "pivot_root" -> AMD64 ? 155 : 41;
            case "chroot" -> AMD64 ? 161 : 51;
            case "unshare" -> AMD64 ? 272 : 97;
            case "setns" -> AMD64 ? 308 : 268;
            case "userfaultfd" -> AMD64 ? 323 : 282;
            case "open_by_handle_at" -> AMD64 ? 304 : 265;
            case "kcmp" -> AMD64 ? 312 : 272;
            case "get_mempolicy" -> AMD64 ? 239 : 236;
            case "set_mempolicy" -> AMD64 ? 238 : 237;
            case "mbind" -> AMD64 ? 237 : 235;
            case "move_pages" -> AMD64 ? 279 : 239;
            case "migrate_pages" -> AMD64 ? 256 : 238;
            case "vmsplice" -> AMD64 ? 278 : 75;
            case "quotactl" -> AMD64 ? 179 : 60;
            case "acct" -> AMD64 ? 163 : 89;
            case "syslog" -> AMD64 ? 103 : 116;
            case "sethostname" -> AMD64 ? 170 : 161;
            case "settimeofday" -> AMD64 ? 164 : 170;
            case "clock_settime" -> AMD64 ? 227 : 112;
            case "init_module" -> AMD64 ? 175 : 105;
            case "delete_module" -> AMD64 ? 176 : 106;
            case "finit_module" -> AMD64 ? 313 : 273;
            case "kexec_load" -> AMD64 ? 246 : 104;
            case "reboot" -> AMD64 ? 169 : 142;
            case "swapon" -> AMD64 ? 167 : 224;
            case "swapoff" -> AMD64 ? 168 : 225;
            case "fanotify_init" -> AMD64 ? 300 : 262;
            case "io_uring_setup" -> 425;
            case "io_uring_enter" -> 426;
            case "io_uring_register" -> 427;
            case "clone3" -> 435;
            default -> throw new IllegalArgumentException("no number is known here of " + name);
        };
    }
}
