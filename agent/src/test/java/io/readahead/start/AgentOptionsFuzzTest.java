package io.readahead.start;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.readahead.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whatever stands behind the agent's jar, it is read or refused in one short line.
 *
 * <p>The seed is in every message; {@code -Dreadahead.fuzz.seed=N} repeats a run.
 */
class AgentOptionsFuzzTest {

    private static final int ROUNDS = 50_000;
    private static final int LONGEST_MESSAGE = 1_000;
    private static final List<String> KEYS = List.of("packages", "threads", "window", "budget", "mode", "log", "log.level", "strict",
            "debug.cold", "debug.stats", "", " ", "Threads", "thread", "packages ", "\u202etsdaerht", "a=b", "pack\u0000ages", "\ud800");
    private static final List<String> VALUES = List.of(
            "", " ", "1", "0", "-1", "+8", "256", "257", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1e9",
            "0x10", "NaN", "\u0664", "64k", "63k", "1m", "64m", "65m", "1g", "64g", "65g", "k", "m", "g", "-k", "9007199254740993g",
            "64K", "1 m", "on", "off", "ON", "true", "false", "stderr", "/tmp/x", "/", "/a\u0000b", "relative", "a.b", "a.b:c", ":",
            "::", "a::b", "*", "**", "a/b", "a b", "\u4f60\u597d", "\ud83d\ude80", "\ud800", "\n", "\r\nreadahead: ACTIVE", "\u001b[2J",
            "=", "==", "a=b=c", "${user.home}", "%n%s", "'", "\"");
    private static final String LONG = "x".repeat(1 << 20);

    private final long seed = Seed.get();
    private final Random random = new Random(seed);

    @Test
    void everyInputIsReadOrRefusedInOneShortLine() {
        int read = 0;
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Properties properties = new Properties();
            String arguments = arguments(properties);
            try {
                assertAllowed(AgentOptions.parse(arguments, properties), arguments);
                read++;
            } catch (OptionException wrong) {
                assertNames(wrong.getMessage(), arguments, properties);
                refused++;
            } catch (Throwable broken) {
                fail(describe(arguments) + properties, broken);
            }
            AgentOptions.isStrict(arguments, properties);
        }
        System.out.println("options: " + ROUNDS + " inputs, " + read + " read, " + refused + " refused, seed " + seed);
        assertTrue(read > ROUNDS / 100 && refused > ROUNDS / 100, "both happen, or nothing was tried: " + read + " " + refused);
    }

    private void assertAllowed(AgentOptions options, String arguments) {
        assertTrue(options.threads() >= 1 && options.threads() <= 256 && options.windowBytes() >= 64 << 10
                && options.windowBytes() <= 64 << 20 && options.budgetBytes() >= options.windowBytes() && options.budgetBytes() <= 64L << 30
                && !options.packages().isEmpty() && options.debugColdMillis() >= 0, () -> describe(arguments) + options);
    }

    private void assertNames(String message, String arguments, Properties properties) {
        String about = describe(arguments) + properties + " -> " + message;
        assertTrue(message.contains("allowed"), about);
        assertTrue(message.contains("=") || message.contains("'"), () -> "key and value: " + about);
        assertTrue(message.length() < LONGEST_MESSAGE, () -> "short: " + about);
        assertFalse(message.chars().anyMatch(Character::isISOControl), () -> "one line, nothing that drives a terminal: " + about);
    }

    private String arguments(Properties properties) {
        if (random.nextInt(50) == 0) {
            return random.nextBoolean() ? null : noise();
        }
        List<String> parts = new ArrayList<>();
        for (int pairs = random.nextInt(4); pairs > 0; pairs--) {
            String key = key();
            if (random.nextInt(5) == 0) {
                properties.setProperty("readahead." + key, value());
            } else {
                parts.add(random.nextInt(30) == 0 ? key : key + "=" + value());
            }
        }
        return String.join(random.nextInt(30) == 0 ? ",," : ",", parts);
    }

    private String key() {
        if (random.nextInt(4) > 0) {
            return KEYS.get(random.nextInt(7));    // the real ones
        }
        return random.nextInt(8) > 0 ? KEYS.get(random.nextInt(KEYS.size())) : noise();
    }

    private String value() {
        switch (random.nextInt(1000)) {
            case 0:
                return LONG;
            case 1:
                return "a:".repeat(50_000) + "b";
            default:
                return random.nextInt(10) > 0 ? VALUES.get(random.nextInt(VALUES.size())) : noise();
        }
    }

    private String noise() {
        StringBuilder noise = new StringBuilder();
        for (int length = random.nextInt(20); length > 0; length--) {
            noise.append((char) (random.nextBoolean() ? random.nextInt(128) : random.nextInt(1 << 16)));
        }
        return noise.toString();
    }

    private String describe(String arguments) {
        return "seed " + seed + ": " + (arguments == null ? null : OptionException.shown(arguments)) + " ";
    }
}
