package io.readahead.start;

/** An option that is wrong. The message names the key, the value and what is allowed. */
public final class OptionException extends Exception {

    private static final long serialVersionUID = 1L;

    private static final int LONGEST_SHOWN = 100;

    OptionException(String message) {
        super(message);
    }

    /** A value as a message can show it: in one line, and not longer than somebody reads. */
    static String shown(String value) {
        StringBuilder shown = new StringBuilder();
        value.codePoints().limit(LONGEST_SHOWN).forEach(character -> {
            if (isPlain(character)) {
                shown.appendCodePoint(character);
            } else {
                shown.append("\\u{").append(Integer.toHexString(character)).append('}');
            }
        });
        return value.length() <= LONGEST_SHOWN ? shown.toString() : shown + "... (" + value.length() + " characters)";
    }

    /** Neither a control character, nor one that turns the text around, nor half of one. */
    private static boolean isPlain(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
