package io.readahead.observe.jfr;

import io.readahead.observe.Events;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Registered;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;

/** Committed by the readahead thread. */
@Name("readahead.WarmUp")
@Label("Readahead")
@Category("Readahead")
@Description("A readahead thread brought a range of a file into the page cache")
@Threshold("20 ms")
@StackTrace(false)
@Registered(false)
final class WarmUpEvent extends Event implements Events.WarmUp {

    @Label("File Store")
    @Description("Major and minor device number of the file system that holds the file")
    String store;

    @Label("Offset")
    @Description("First byte of the range in the file")
    long offset;

    @Label("Bytes Read Ahead")
    @Description("Bytes of the range that are in the page cache now, possibly 0 where the disk failed or the file has ended before")
    @DataAmount
    long bytes;

    @Label("Queued")
    @Description("How long the readahead had waited for a thread before")
    @Timespan(Timespan.NANOSECONDS)
    long queued;

    @Label("Waited For")
    @Description("Whether a reader waited for it at its end; else it was ahead of its reader")
    boolean waitedFor;

    WarmUpEvent() {
        begin();
    }

    @Override
    public void ended(long device, long rangeOffset, long readBytes, long queuedNanos, boolean isWaitedFor) {
        end();
        if (shouldCommit()) {
            store = (device >>> Integer.SIZE) + ":" + (int) device;
            offset = rangeOffset;
            bytes = readBytes;
            queued = queuedNanos;
            waitedFor = isWaitedFor;
            commit();
        }
    }
}
