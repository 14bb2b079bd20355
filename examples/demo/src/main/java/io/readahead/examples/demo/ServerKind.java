package io.readahead.examples.demo;

/** Which server is shown. Both are of one jar, and have one selector. */
enum ServerKind {

    /** The example's end point: transferTo, on one thread that is always the same. */
    EXAMPLE("example", "Jetty example, one selector thread", "a Jetty with one selector thread, which sends files with transferTo",
            "jetty-sel", "the selector thread", "seven", 7, 100, ""),

    /**
     * Jetty's own handler of files. It keeps files of up to 128 MB; a larger one it maps anew for each request, and the mapping stays
     * until the collector finds that nobody needs it. One write goes on for as long as the client takes what comes from the disk, so the
     * thread sleeps for seconds at a time, and the hot client has thousands of answers in between.
     *
     * <p>Source: CachingHttpContentFactory, FileMappingHttpContentFactory, Jetty 12.1.
     */
    JETTY("jetty", "Jetty as it comes, one selector, ResourceHandler",
            "Jetty as it comes, with one selector and its ResourceHandler, which maps big files; whoever selects writes them to the socket",
            "qtp", "the threads that take turns in selecting", "five", 5, 140, "up to 128 MB Jetty reads a file whole, once, and keeps it");

    private final String word;
    private final String title;
    private final String description;
    private final String threads;
    private final String selector;
    private final String bigFilesInWords;
    private final int bigFiles;
    private final int bigMegabytes;
    private final String whyThatLarge;

    ServerKind(String word, String title, String description, String threads, String selector, String bigFilesInWords, int bigFiles,
            int bigMegabytes, String whyThatLarge) {
        this.word = word;
        this.title = title;
        this.description = description;
        this.threads = threads;
        this.selector = selector;
        this.bigFilesInWords = bigFilesInWords;
        this.bigFiles = bigFiles;
        this.bigMegabytes = bigMegabytes;
        this.whyThatLarge = whyThatLarge;
    }

    /** For a line of the terminal. */
    String title() {
        return title;
    }

    /** For a sentence of the report that begins with who it is about. */
    String description() {
        return description;
    }

    /** What {@code --handler} of the server is given. */
    String handler() {
        return this == JETTY ? "resource" : "example";
    }

    /** How the kernel names the threads that select, one or all that may. */
    String selectorThreads() {
        return threads;
    }

    /** Those threads in words. */
    String selector() {
        return selector;
    }

    int bigFiles() {
        return bigFiles;
    }

    long bigBytes() {
        return bigMegabytes * Units.MB;
    }

    /** The big files in words, with the reason for their size where there is one. */
    String bigFilesInWords() {
        return bigFilesInWords + " files of " + bigMegabytes + " MB" + (whyThatLarge.isEmpty() ? "" : " (" + whyThatLarge + ")");
    }

    /** True if a file that was sent stays mapped, and so in memory, until the server's collector has found that nobody needs it. */
    boolean keepsFilesMapped() {
        return this == JETTY;
    }

    /** Its word on the command line and in the results. */
    @Override
    public String toString() {
        return word;
    }
}
