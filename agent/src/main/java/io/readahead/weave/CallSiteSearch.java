package io.readahead.weave;

/** Tells whether a class is one that the agent would look at, wherever it is. Threads: any. */
public final class CallSiteSearch {

    private CallSiteSearch() {
    }

    /** @param entryName of the class file in its jar */
    public static boolean sendsFiles(String entryName, byte[] classFile) {
        String internalName = entryName.substring(0, entryName.length() - ".class".length());
        return CallSiteTransformer.RECIPES.stream().anyMatch(recipe -> recipe.concerns(internalName, classFile));
    }
}
