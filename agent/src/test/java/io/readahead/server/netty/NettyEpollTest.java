package io.readahead.server.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.readahead.adapter.Reflection;
import io.readahead.server.netty.fake.io.netty.channel.epoll.AbstractEpollChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NettyEpollTest {

    private final List<String> reports = new ArrayList<>();
    private final NettyEpoll netty = new NettyEpoll(new Reflection(null), reports::add);

    @Test
    void aChannelOfTheShapeOfNettysIsKnownBelowAnyName() {
        AbstractEpollChannel channel = new AbstractEpollChannel(true);
        assertSame(channel, netty.channelOf(channel));
        assertNotNull(netty.channelOf(new AbstractEpollChannel(true) { }), "a subclass");
        assertEquals(List.of(), reports);
    }

    @Test
    void anyOtherIsNotAndIsReportedOnce() {
        assertNull(netty.channelOf("a channel"));
        assertNull(netty.channelOf("another"));
        assertEquals(1, reports.size());
        assertTrue(reports.get(0).contains("java.lang.String") && reports.get(0).contains("another shape"), reports.get(0));
    }

    @Test
    void aLevelTriggeredChannelIsNotReportedWhileItIsParked() {
        AbstractEpollChannel channel = new AbstractEpollChannel(false);
        netty.park(channel, () -> true);
        channel.asksForWritability();    // Netty does so when the write returned 0
        channel.runTasks();
        assertFalse(channel.isAskingForWritability());
    }

    @Test
    void oneThatWasResumedMeanwhileGoesOnAsking() {
        AbstractEpollChannel channel = new AbstractEpollChannel(false);
        netty.park(channel, () -> false);
        channel.asksForWritability();
        channel.runTasks();
        assertTrue(channel.isAskingForWritability());
    }

    @Test
    void anEdgeTriggeredChannelIsLeftAsItIs() {
        AbstractEpollChannel channel = new AbstractEpollChannel(true);
        netty.park(channel, () -> true);
        channel.asksForWritability();
        channel.runTasks();
        assertTrue(channel.isAskingForWritability());
    }

    @Test
    void reenteringTriesAgainOnTheEventLoop() {
        AbstractEpollChannel channel = new AbstractEpollChannel(true);
        netty.reenter(channel);
        assertEquals(0, channel.retries());
        channel.runTasks();
        assertEquals(1, channel.retries());
    }

    @Test
    void aClosedChannelIsSeenAsOneAndNotTouched() {
        AbstractEpollChannel channel = new AbstractEpollChannel(false);
        assertTrue(netty.isOpen(channel));
        netty.park(channel, () -> true);
        channel.asksForWritability();
        channel.close();
        channel.runTasks();
        assertFalse(netty.isOpen(channel));
        assertTrue(channel.isAskingForWritability());
    }
}
