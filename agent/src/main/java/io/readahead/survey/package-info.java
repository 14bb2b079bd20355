/**
 * mode=observe: says whether event loops wait for the disk, and changes nothing.
 *
 * <p>{@link io.readahead.survey.Survey} answers the bridge: it looks before the original call and after it, and hands every answer on
 * as it is. Nothing is parked, cut short or read ahead, no selection key is woven.
 *
 * <p>A call counts as a wait for the disk where both are true:
 * <ul>
 * <li>The thread slept inside it: getrusage(2), ru_nvcsw. A socket that doesn't block never puts its writer to sleep.
 * <li>There was something to wait for: of the first 64 KB, which sendfile always reads, pages were absent before (cachestat(2)); or the
 *     thread itself issued reads meanwhile (ru_inblock, without a major fault, which reads too); or one of the two was true of the same
 *     file within the last seconds: then pages of it are still being read, which cachestat counts as there.
 * </ul>
 * Neither system call starts a read. {@code preadv2(RWF_NOWAIT)} is not used: a miss starts one, and a hit moves the readahead state
 * that the server's descriptor has. The second condition keeps garbage collections out, which let a thread sleep as it comes back from
 * native code; one that falls into a wait for the disk is counted as part of it.
 *
 * <p>Loader: isolated. Imports no weaving, nothing of what helps ({@code transfer}, {@code gate}, {@code warmup}).
 * <p>Threads: the server's, in each woven call; the watchdog and the shutdown ask for findings.
 * <p>Failure: whatever breaks in here is counted, and the original call runs.
 * <p>Read first: {@link io.readahead.survey.Survey}.
 */
package io.readahead.survey;
