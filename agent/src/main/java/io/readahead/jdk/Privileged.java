package io.readahead.jdk;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.function.Supplier;

/**
 * Does on behalf of a server's call what the server's code may have no permission for, with the agent's own permissions.
 *
 * <p>It matters where there is a security manager, which JDK 17 to 23 can have; elsewhere it is a plain call. What a thread that is
 * started in it may do later is the agent's, too.
 * <p>Source: JEP 411, JEP 486.
 */
public final class Privileged {

    private Privileged() {
    }

    /** Runs an action of the agent's; exceptions pass through. */
    @SuppressWarnings("removal")
    public static <T> T call(Supplier<T> action) {
        return AccessController.doPrivileged((PrivilegedAction<T>) action::get);
    }

    /** As {@link #call}. */
    public static void run(Runnable action) {
        call(() -> {
            action.run();
            return null;
        });
    }
}
