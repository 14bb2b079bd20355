package io.readahead.weave.sample;

import java.util.ArrayList;
import java.util.List;

/** Takes note of what it is asked to send. */
public class Wire {

    private final List<String> calls = new ArrayList<>();

    public long send(String source, int flags, long base, long offset, long length) {
        calls.add(source + " " + flags + " " + base + " " + offset + " " + length);
        return length;
    }

    public List<String> calls() {
        return calls;
    }
}
