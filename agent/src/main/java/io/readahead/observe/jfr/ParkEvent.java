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

/** Committed by whoever resumes the target, a readahead thread as a rule, whose stack says nothing: hence the call site in words. */
@Name("readahead.Park")
@Label("Parked Transfer")
@Category("Readahead")
@Description("A non-blocking target met cold data and was kept from being tried again until the data had been read ahead")
@Threshold("10 ms")
@StackTrace(false)
@Registered(false)
final class ParkEvent extends Event implements Events.Park {

    @Label("Call Site")
    @Description("Class and method of the server that called transferTo")
    final String site;

    @Label("Parked By")
    @Description("Thread that called, an event loop as a rule; it went on with other connections meanwhile")
    final Thread parkedBy;

    @Label("Position")
    @Description("First byte in the file that was asked for")
    final long position;

    @Label("Count")
    @Description("Bytes that were asked for, possibly more than the file has")
    @DataAmount
    final long count;

    ParkEvent(String site, long position, long count) {
        this.site = site;
        this.parkedBy = Thread.currentThread();
        this.position = position;
        this.count = count;
        begin();
    }

    @Override
    public void resumed() {
        commit();
    }
}
