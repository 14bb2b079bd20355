package io.readahead.os.logging;

/** Takes what JNA logs and says nothing. */
public final class Logger {

    private static final Logger SILENT = new Logger();

    private Logger() {
    }

    /** The one logger. */
    public static Logger getLogger(String name) {
        return SILENT;
    }

    /** Nothing is. */
    public boolean isLoggable(Level level) {
        return false;
    }

    /** Drops the message. */
    public void log(Level level, String message) {
    }

    /** Drops the message. */
    public void log(Level level, String message, Object parameter) {
    }

    /** Drops the message. */
    public void log(Level level, String message, Object[] parameters) {
    }

    /** Drops the message. */
    public void log(Level level, String message, Throwable thrown) {
    }
}
