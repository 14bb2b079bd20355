package io.readahead.it.app;

/**
 * The parent of a server's loader that hides all but the JDK's API from it, as JBoss Modules does in WildFly: the class path and the
 * agent's entry are not there.
 */
final class HidingLoader extends ClassLoader {

    HidingLoader() {
        super("hiding", null);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (name.startsWith("java.") || name.startsWith("javax.") || name.startsWith("sun.misc.")) {
            return getPlatformClassLoader().loadClass(name);
        }
        throw new ClassNotFoundException(name + " is hidden");
    }
}
