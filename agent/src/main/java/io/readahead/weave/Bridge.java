package io.readahead.weave;

import io.readahead.bridge.ReadaheadBridge;

/** How woven code names the bridge. Initialized when the first class is woven: outside a server there is no bridge to load. */
final class Bridge {

    static final String NAME = ReadaheadBridge.class.getName().replace('.', '/');

    private Bridge() {
    }
}
