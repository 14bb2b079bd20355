package io.readahead.it.soak;

/** What is to be thought of an exchange. @param why in words */
record Verdict(Kind kind, String why) {

    enum Kind {
        /** As many bytes as were announced, each of them right. */
        COMPLETE,
        /** Not complete, or no file; and so it would have been without the agent. */
        EXPLAINED,
        /** Something that nobody did. */
        UNEXPLAINED
    }

    static Verdict complete() {
        return new Verdict(Kind.COMPLETE, "complete");
    }

    static Verdict explained(String why) {
        return new Verdict(Kind.EXPLAINED, why);
    }

    static Verdict unexplained(String why) {
        return new Verdict(Kind.UNEXPLAINED, why);
    }
}
