package io.readahead.agent;

/** Main-Class: says how the agent is used, for it does its work inside a server's JVM. */
public final class Main {

    private Main() {
    }

    /** Prints the usage to stdout. */
    public static void main(String[] arguments) {
        String version = Main.class.getPackage().getImplementationVersion();
        System.out.println("readahead-agent " + version + ": keeps a server's event loops from sleeping on the disk in sendfile");
        System.out.println();
        System.out.println("  java -javaagent:readahead-agent.jar[=key=value,key=value...] -jar your-server.jar");
        System.out.println();
        System.out.println("  packages=a.b:c.d   packages (with subpackages) or classes whose transferTo calls are woven; * is a wildcard");
        System.out.println("  threads=8          readahead threads for each file store");
        System.out.println("  window=1m          the most that is read ahead of one stream");
        System.out.println("  budget=64m         the most that is read ahead and not yet sent, over all streams");
        System.out.println("  mode=on            on, or off");
        System.out.println("  log=stderr         stderr, off, or the absolute path of a file");
        System.out.println("  strict=false       true: an option that is wrong stops the JVM");
        System.out.println();
        System.out.println("  -Dreadahead.KEY=VALUE wins over the agent's own arguments.");
    }
}
