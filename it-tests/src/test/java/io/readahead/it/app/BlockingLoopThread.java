package io.readahead.it.app;

import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Lets a thread of Netty's sleep, says what it got for it, and then runs another program's main.
 *
 * <p>By reflection, for it is compiled without Netty.
 */
public final class BlockingLoopThread {

    private BlockingLoopThread() {
    }

    /** Arguments: the class to run, and its own. */
    public static void main(String[] arguments) throws Throwable {
        Runnable sleep = () -> {
            String outcome = "nothing";
            try {
                TimeUnit.MILLISECONDS.sleep(1);
            } catch (Throwable reported) {
                outcome = reported.getClass().getName();
            }
            System.out.println("a loop that sleeps=" + outcome);
        };
        Thread thread = (Thread) Class.forName("io.netty.util.concurrent.FastThreadLocalThread").getConstructor(Runnable.class)
                .newInstance(sleep);
        thread.start();
        thread.join();
        try {
            Class.forName(arguments[0]).getMethod("main", String[].class)
                    .invoke(null, (Object) Arrays.copyOfRange(arguments, 1, arguments.length));
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
