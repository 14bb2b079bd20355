package io.readahead.weave;

import java.util.ArrayList;
import java.util.List;

/** The recipes of all servers, in the order in which those that concern a class are applied to it. */
public final class Recipes {

    private static final int NO_ADAPTER = -1;

    private Recipes() {
    }

    /**
     * Those of the servers, and the one for {@code transferTo} calls after them.
     *
     * @param byAdapter what is woven for each adapter, in the order of their numbers
     * @param others what is woven and asks no adapter
     * @param writers whose writes to sockets are woven beside those of the servers
     */
    public static List<Recipe> of(List<List<Weaving>> byAdapter, List<Weaving> others, PackageFilter writers) {
        List<Recipe> recipes = new ArrayList<>();
        for (int adapter = 0; adapter < byAdapter.size(); adapter++) {
            for (Weaving weaving : byAdapter.get(adapter)) {
                recipes.add(weaving.recipe(adapter));
            }
        }
        others.forEach(weaving -> recipes.add(weaving.recipe(NO_ADAPTER)));
        recipes.add(new WritesRecipe(writers));
        recipes.add(new TransferToRecipe());
        return List.copyOf(recipes);
    }

    /** Whether a class is one that the agent would look at. Threads: any. @param entryName of the class file in its jar */
    public static boolean concern(List<Recipe> recipes, String entryName, byte[] classFile) {
        String internalName = entryName.substring(0, entryName.length() - ".class".length());
        return recipes.stream().anyMatch(recipe -> recipe.concerns(internalName, classFile));
    }
}
