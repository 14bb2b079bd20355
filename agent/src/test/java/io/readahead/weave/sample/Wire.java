package io.readahead.weave.sample;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Takes note of what it is asked to send. */
public class Wire {

    private final List<String> calls = new ArrayList<>();

    public long send(String source, int flags, long base, long offset, long length) {
        calls.add(source + " " + flags + " " + base + " " + offset + " " + length);
        return length;
    }

    /** Takes note of how much of it is used. */
    public void add(ByteBuffer buffer) {
        calls.add(buffer.remaining() + " of " + buffer.capacity());
    }

    public List<String> calls() {
        return calls;
    }
}
