package io.readahead.weave;

import java.util.List;

/**
 * Which classes are looked at.
 *
 * <p>A name is a package with its subpackages, or a class with its nested ones; {@code *} stands for any characters.
 * <p>Without a regular expression: every class that a server loads is asked for here, and one with many wildcards may take for ever.
 * <p>Threads: any.
 */
public final class PackageFilter {

    public static final PackageFilter NOTHING = new PackageFilter(List.of());

    private static final char WILDCARD = '*';
    private static final int NONE = -1;

    private final String[] names;

    /** @param names dotted names */
    public PackageFilter(List<String> names) {
        this.names = names.stream().map(name -> name.replace('.', '/')).toArray(String[]::new);
    }

    /** @param internalName a class as the JVM writes it, with slashes */
    public boolean matches(String internalName) {
        for (String name : names) {
            if (matches(name, internalName)) {
                return true;
            }
        }
        return false;
    }

    /** What lies between two wildcards is taken where it fits first; only the last wildcard ever has to take one character more. */
    private static boolean matches(String name, String text) {
        int at = 0;
        int in = 0;
        int wildcard = NONE;
        int takenUpTo = 0;
        while (true) {
            if (in < name.length() && name.charAt(in) == WILDCARD) {
                wildcard = in;
                in++;
                takenUpTo = at;
            } else if (in == name.length() && endsHere(text, at)) {
                return true;
            } else if (in < name.length() && at < text.length() && name.charAt(in) == text.charAt(at)) {
                in++;
                at++;
            } else if (wildcard != NONE && takenUpTo < text.length()) {
                takenUpTo++;
                at = takenUpTo;
                in = wildcard + 1;
            } else {
                return false;
            }
        }
    }

    private static boolean endsHere(String text, int at) {
        return at == text.length() || text.charAt(at) == '/' || text.charAt(at) == '$';
    }
}
