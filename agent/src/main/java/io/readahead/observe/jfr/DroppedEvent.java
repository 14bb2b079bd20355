package io.readahead.observe.jfr;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Registered;
import jdk.jfr.StackTrace;

/** Committed by the thread that sent the window before. */
@Name("readahead.Dropped")
@Label("Readahead Dropped")
@Category("Readahead")
@Description("The next window of a stream was not read ahead because the budget was full; its reader may have to wait for it later")
@StackTrace(false)
@Registered(false)
final class DroppedEvent extends Event {

    @Label("Offset")
    @Description("First byte of the window in the file")
    final long offset;

    @Label("Window")
    @Description("Bytes that were not read ahead")
    @DataAmount
    final long window;

    DroppedEvent(long offset, long window) {
        this.offset = offset;
        this.window = window;
    }
}
