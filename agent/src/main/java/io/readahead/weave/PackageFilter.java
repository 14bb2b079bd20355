package io.readahead.weave;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Which classes are looked at.
 *
 * <p>A name is a package with its subpackages, or a class with its nested ones; {@code *} stands for any characters.
 * <p>Threads: any.
 */
public final class PackageFilter {

    private final Pattern pattern;

    /** @param names dotted names, one or more */
    public PackageFilter(List<String> names) {
        StringBuilder regex = new StringBuilder();
        for (String name : names) {
            regex.append(regex.length() == 0 ? "" : "|")
                    .append(Pattern.quote(name.replace('.', '/')).replace("*", "\\E.*\\Q"));
        }
        this.pattern = Pattern.compile("(?:" + regex + ")(?:[/$].*)?");
    }

    /** @param internalName a class as the JVM writes it, with slashes */
    public boolean matches(String internalName) {
        return pattern.matcher(internalName).matches();
    }
}
