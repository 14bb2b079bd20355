package io.readahead.os;

import com.sun.jna.Native;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds out whether libc can be called here.
 *
 * <p>Threads: start-up.
 */
public final class Natives {

    private final JnaPosixLibrary posix;
    private final String description;

    private Natives(JnaPosixLibrary posix, String description) {
        this.posix = posix;
        this.description = description;
    }

    /**
     * Loads what calls libc, on a thread that ends with it: JNA leaves objects of its own in the thread's locals, which would keep
     * every class of the agent in memory after it was detached.
     *
     * <p>Errors: what failed is said by {@link #description}; throws what the caller's own part throws.
     *
     * @param meanwhile what the calling thread does until then
     */
    public static Natives load(Runnable meanwhile) {
        Natives[] loaded = {new Natives(null, "none (interrupted while JNA was loaded)")};
        Thread loader = new Thread(() -> loaded[0] = loadHere(), "readahead-natives");
        loader.setDaemon(true);
        loader.start();
        try {
            meanwhile.run();
        } finally {
            try {
                loader.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return loaded[0];
    }

    private static Natives loadHere() {
        String os = System.getProperty("os.name", "");
        if (!os.toLowerCase(Locale.ROOT).startsWith("linux")) {
            return new Natives(null, "none (Linux is needed, this is " + os + ")");
        }
        String dataModel = System.getProperty("sun.arch.data.model", "64");
        if (!dataModel.equals("64")) {
            return new Natives(null, "none (a 64-bit JVM is needed, this one has " + dataModel + " bits)");
        }
        String architecture = System.getProperty("os.arch", "");
        if (!JnaNativeHalf.architectures().contains(architecture)) {
            return new Natives(null, "none (the jar has natives for " + String.join(" and ", JnaNativeHalf.architectures()) + ", this is "
                    + architecture + ")");
        }
        Optional<String> musl = Musl.loader();
        if (musl.isPresent()) {
            return new Natives(null, "none (this JVM runs on musl, " + musl.get() + ", and JNA's native half needs glibc, as Debian's or "
                    + "Ubuntu's images have it)");
        }
        try {
            return JnaNativeHalf.whileUnpacked(Natives::bind);
        } catch (Throwable failure) {
            Throwable cause = failure;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            return new Natives(null, "none (JNA could not be loaded: " + cause + ")");
        }
    }

    private static Natives bind() {
        Set<SystemCall> deadly;
        try {
            deadly = SystemCallTrial.deadly();
        } catch (IOException | LinkageError unknown) {
            return new Natives(null, "none (a seccomp filter is on, and which system calls it kills for could not be tried: "
                    + unknown.getMessage() + ")");
        }
        if (deadly.contains(SystemCall.SENDFILE)) {
            return new Natives(null, "none (the seccomp filter kills for " + SystemCall.SENDFILE + ")");
        }
        String without = deadly.stream().map(SystemCall::toString).collect(Collectors.joining(","));
        return new Natives(new JnaPosixLibrary(deadly), without.isEmpty() ? "jna" : "jna without=" + without);
    }

    /** Makes libc quicker to call, as is worth it where files are sent. Takes some CPU once. Threads: the watchdog. */
    public void quicken() {
        posix.quicken();
    }

    /**
     * Lets go of what JNA keeps for ever, and with it every class of the agent: its bindings, and a thread.
     *
     * <p>Threads: the one that detaches, after the readahead threads have ended.
     *
     * @return whether there was anything to let go of
     */
    public boolean release() throws InterruptedException {
        if (posix != null) {
            posix.unbind();
        }
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getClass() != Thread.class && thread.getClass().getClassLoader() == Native.class.getClassLoader()) {
                thread.interrupt();    // com.sun.jna.internal.Cleaner ends by it
            }
        }
        return posix != null;
    }

    /** Whether libc can be called. */
    public boolean available() {
        return posix != null;
    }

    /** libc; call only where {@link #available}. */
    public PosixLibrary posix() {
        return posix;
    }

    /** A word for the start-up line, with the reason where there are none. */
    public String description() {
        return description;
    }
}
