package io.readahead.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The status as one JSON object for scripts: figures by their names, and those of file stores, call sites, calls that
 * passed through and slow reads as objects.
 *
 * <p>Names are part of what users script against.
 */
final class StatusJson {

    /** Names of the figures that stand in one value, with blanks between, as the agent publishes them. */
    private enum Group {

        STORES("store.", "store", "readBytes", "queued", "threads", "queueMicrosP99", "readMicrosP99"),
        CALL_SITES("site.", "site", "calls", "cold", "diskWaits", "diskWaitMicros", "diskWaitMicrosMax"),
        EVENT_LOOPS("loop.", "loop", "calls", "cold", "diskWaits", "diskWaitMicros", "diskWaitMicrosMax", "lastMinutePerMille",
                "worstMinutePerMille", "unprovenMicros", "kind"),
        PASSED_THROUGH("passed.", null, "calls", "reason", "class", "site"),
        SLOWEST_READS("slow.", null, "micros", "bytes", "secondsAgo", "store");

        private final String prefix;
        private final String nameKey;
        private final String[] keys;

        Group(String prefix, String nameKey, String... keys) {
            this.prefix = prefix;
            this.nameKey = nameKey;
            this.keys = keys;
        }

        Map<String, Object> object(String name, String value) {
            Map<String, Object> object = new LinkedHashMap<>();
            if (nameKey != null) {
                object.put(nameKey, name.substring(prefix.length()));
            }
            String[] figures = value.split(" ");
            for (int i = 0; i < keys.length && i < figures.length; i++) {
                object.put(keys[i], figures[i]);
            }
            return object;
        }
    }

    private StatusJson() {
    }

    static String of(Map<String, String> status) {
        Map<String, Object> json = new LinkedHashMap<>();
        List<List<Object>> groups = new ArrayList<>();
        for (int i = 0; i < Group.values().length; i++) {
            groups.add(new ArrayList<>());
        }
        status.forEach((name, value) -> {
            for (Group group : Group.values()) {
                if (name.startsWith(group.prefix)) {
                    groups.get(group.ordinal()).add(group.object(name, value));
                    return;
                }
            }
            json.put(name, value);
        });
        json.put("stores", groups.get(Group.STORES.ordinal()));
        json.put("callSites", groups.get(Group.CALL_SITES.ordinal()));
        if (status.containsKey("verdict")) {    // mode=observe
            json.put("eventLoops", groups.get(Group.EVENT_LOOPS.ordinal()));
        }
        json.put("passedThroughCalls", groups.get(Group.PASSED_THROUGH.ordinal()));
        json.put("slowestReads", groups.get(Group.SLOWEST_READS.ordinal()));
        return Json.write(json);
    }
}
