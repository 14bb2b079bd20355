package io.readahead.bridge;

/** Lets the tests of other rooms set what the bridge calls, as start-up does. */
public final class BridgeHooks {

    private BridgeHooks() {
    }

    /** Sets it; null makes the bridge a pass-through again. */
    public static void install(ReadaheadHooks hooks) {
        ReadaheadBridge.install(hooks);
    }
}
