package io.readahead.weave;

/**
 * Has classes that a user names ask before they write buffers to a socket, in each of their methods: see {@link AskBeforeWrite}.
 *
 * <p>Of servers that the agent doesn't know: whether what they write is of a mapped file shows when it is written.
 */
final class WritesRecipe implements Recipe {

    private final PackageFilter named;

    WritesRecipe(PackageFilter named) {
        this.named = named;
    }

    @Override
    public boolean concerns(String internalName, byte[] classFile) {
        return named.matches(internalName) && ConstantPoolScan.has(classFile, AskBeforeWrite.SOCKET, AskBeforeWrite.METHOD);
    }

    @Override
    public byte[] weave(ClassLoader loader, byte[] classFile) {
        return AskBeforeWrite.woven(classFile, method -> true);
    }
}
