/**
 * mode=observe: says whether event loops wait for the disk, and changes nothing.
 *
 * <p>{@link io.readahead.survey.Survey} answers the bridge: it looks before the original call and after it, and hands every answer on
 * as it is. Nothing is parked, cut short or read ahead; the selection key is woven to see which thread selects.
 *
 * <p>A call counts as a wait for the disk where the thread slept inside it (getrusage(2), ru_nvcsw: a socket that doesn't block never puts
 * its writer to sleep), and there was something to wait for:
 * <ul>
 * <li>Of the first 64 KB, which sendfile always reads, pages were absent before (cachestat(2)); or the thread itself issued reads
 *     meanwhile (ru_inblock, without a major fault, which reads too); or one of the two was true of the same file within the last
 *     seconds: then pages of it are still being read, which cachestat counts as there.
 * <li>Or nobody can tell, and then the wait is called not proven: cachestat is refused (another user's file, an old kernel, a filter), or
 *     there is no block device below (FUSE and network file systems issue no blocks; an overlay says that nothing is cached). Then a
 *     sleep of 0.2 ms is enough, for what else may put a thread to sleep in a call is the JVM.
 * </ul>
 * Neither system call starts a read. {@code preadv2(RWF_NOWAIT)} is not used: a miss starts one, and a hit moves the readahead state
 * that the server's descriptor has; nor is mincore(2) of an open file, which takes the lock of the process's memory map, and says
 * "all" of another user's file. What is mapped is asked about by address, where there is nothing else ({@code MappedCalls}).
 *
 * <p>How long: the time in the call, without that on a CPU and without that for which the JVM had stopped all threads (a garbage
 * collection; {@link io.readahead.jdk.Safepoints}): a thread that comes back from native code meanwhile sleeps until the others go on.
 *
 * <p>What threads read outside of the calls is taken from the kernel's account of each ({@link io.readahead.survey.ReadsElsewhere}).
 *
 * <p>Who: an event loop, or one of a pool where another thread selects for the channel ({@link io.readahead.survey.SelectingThreads}).
 *
 * <p>Loader: isolated. Imports no weaving, nothing of what helps ({@code transfer}, {@code gate}, {@code warmup}).
 * <p>Threads: the server's, in each woven call; the watchdog and the shutdown ask for findings.
 * <p>Failure: whatever breaks in here is counted, and the original call runs.
 * <p>Read first: {@link io.readahead.survey.Survey}.
 */
package io.readahead.survey;
