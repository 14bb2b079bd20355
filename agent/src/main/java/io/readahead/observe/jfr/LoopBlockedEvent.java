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

/** Committed by the event loop itself, in mode=observe, so the stack is that of the server's call. */
@Name("readahead.LoopBlocked")
@Label("Event Loop Blocked")
@Category("Readahead")
@Description("In mode=observe: a thread that writes to a non-blocking target slept in the call until the disk had read the file's data")
@Threshold("10 ms")
@StackTrace(true)
@Registered(false)
final class LoopBlockedEvent extends Event implements Events.Call {

    @Label("Call Site")
    @Description("Class and method of the server that called")
    String site;

    @Label("Position")
    @Description("First byte in the file that was asked for")
    long position;

    @Label("Bytes Sent")
    @Description("Bytes that the call sent, possibly 0 where the socket had no room or the call failed")
    @DataAmount
    long bytesSent;

    @Label("First Pages Absent")
    @Description("Whether pages of the first 64 KB were not in the page cache before the call; else they came later, or were on their way")
    boolean firstPagesAbsent;

    @Label("Reads Issued")
    @Description("Whether the thread itself had the disk read; else it waited for what others had asked for")
    boolean readsIssued;

    LoopBlockedEvent() {
        begin();
    }

    @Override
    public void blocked(String callSite, long filePosition, long sentBytes, boolean absent, boolean issued) {
        end();
        if (shouldCommit()) {
            site = callSite;
            position = filePosition;
            bytesSent = Math.max(0, sentBytes);
            firstPagesAbsent = absent;
            readsIssued = issued;
            commit();
        }
    }
}
