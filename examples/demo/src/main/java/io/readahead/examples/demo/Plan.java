package io.readahead.examples.demo;

/**
 * How long everything takes.
 *
 * @param rounds servers of each variant, one after another in turns, so that the machine's drift hits both
 * @param warmUpSeconds until the server's code is compiled; not measured
 * @param smallSeconds measurement beside small files
 * @param bigSeconds measurement beside big files; where 100 requests take longer, they are cut
 */
record Plan(int rounds, int warmUpSeconds, int smallSeconds, int bigSeconds) {

    /** About four minutes. */
    static final Plan FULL = new Plan(3, 8, 10, 20);

    /** About a minute. */
    static final Plan QUICK = new Plan(1, 6, 5, 12);

    /** Of the files that the seconds above are meant for. */
    private static final double MEGABYTES = 100;

    /** A server's start and end, eviction, and what the second client needs to get going. */
    private static final int SECONDS_PER_SERVER = 4;

    /** The same with as many whole files beside which is measured, if they are of another size than 100 MB. */
    Plan forFilesOf(long megabytes) {
        return new Plan(rounds, warmUpSeconds, smallSeconds, (int) Math.ceil(bigSeconds * megabytes / MEGABYTES));
    }

    /** What is left after some servers, for the status line. */
    int secondsFor(int servers) {
        return servers * (SECONDS_PER_SERVER + warmUpSeconds + smallSeconds + bigSeconds);
    }
}
