package io.readahead.kit;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * What a test needs of the machine, by name: a test that can't run says why.
 *
 * <p>Errors: an unmet requirement skips the test, with the need and what was found as the reason. With CI=true in the environment it fails
 * instead: CI is root on a machine that has everything, so a skip there is a test that was lost.
 *
 * @param need what is needed, as it reads after "needs"
 * @param found what is there instead; empty when the need is met
 */
public record Requirement(String need, String found) {

    private static final String CGROUPS = "cgroups that throttle a disk and limit memory for a child";
    private static final boolean SKIP_IS_FAILURE = "true".equals(System.getenv("CI"));

    /** The effective user id 0. */
    public static Requirement root() {
        return new Requirement("root", uid() == 0 ? "" : "user id " + uid());
    }

    /** Linux and its /proc. */
    public static Requirement linux() {
        String name = System.getProperty("os.name");
        boolean met = name.toLowerCase(Locale.ROOT).contains("linux") && Files.isReadable(Path.of("/proc/self/stat"));
        return new Requirement("Linux with /proc", met ? "" : name);
    }

    /** The right to throttle the disk and to limit the memory of a child. */
    public static Requirement cgroups() {
        CgroupLimits.Attempt attempt = CgroupLimits.tryCreate("requirement");
        if (attempt.limits().isEmpty()) {
            return new Requirement(CGROUPS, attempt.reason());
        }
        try (CgroupLimits limits = attempt.limits().get()) {
            boolean met = limits.throttles() && limits.limitsMemory();
            return new Requirement(CGROUPS, met ? "" : attempt.reason() + " without one of the two");
        }
    }

    /** Some JDK of this feature version, or a later one. */
    public static Requirement jdk(int leastFeature) {
        boolean met = Jdk.all().stream().anyMatch(jdk -> jdk.feature() >= leastFeature);
        return new Requirement("a JDK " + leastFeature + " or later in JAVA_HOME or /usr/lib/jvm", met ? "" : Jdk.all().toString());
    }

    /** A program in one of the folders that root looks into. */
    public static Requirement command(String name) {
        boolean met = Stream.of("/usr/sbin", "/usr/bin", "/sbin", "/bin").anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
        return new Requirement("the command " + name, met ? "" : "no such command");
    }

    /** The right to a ring of the kernel's: some container engines refuse it, and {@code kernel.io_uring_disabled} does. */
    public static Requirement ioUring() {
        String found = "";
        try {
            Libc.INSTANCE.close(Libc.INSTANCE.syscall(Libc.IO_URING_SETUP, 1, new byte[Libc.IO_URING_PARAMS_BYTES]));
        } catch (LastErrorException refused) {
            found = "io_uring_setup(2): " + refused.getMessage();
        }
        return new Requirement("io_uring", found);
    }

    /** Whether the machine has it. */
    public boolean met() {
        return found.isEmpty();
    }

    /** Returns where the machine has it, and ends the test where not. */
    public void orSkip() {
        if (met()) {
            return;
        }
        String reason = "needs " + need + ", found: " + found;
        if (SKIP_IS_FAILURE) {
            Assertions.fail(reason + " (a skip in CI is a failure)");
        }
        // Maven's console counts what was skipped and does not say why.
        System.out.println("skipped: " + StackWalker.getInstance().walk(frames -> frames.skip(1).findFirst())
                .map(caller -> caller.getClassName() + "." + caller.getMethodName()).orElse("a test") + " " + reason);
        Assumptions.abort(reason);
    }

    private static int uid() {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException | UnsupportedOperationException ignored) {
            return -1;
        }
    }
}
