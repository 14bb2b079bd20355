package io.readahead.weave;

/**
 * What is woven into one class of a server, said as data: the class, the place in it, and where there the agent finds what it asks about.
 *
 * <p>Names end as given, so that relocated copies are met too. A class that has the name and not the place is reported, and stays as it is.
 */
public sealed interface Weaving
        permits AskBeforeCall, AskAtEntry, AskBeforeFlush, AskBeforeRead, AskBeforeWrite, AskForCallee, HandOnOwnPart, LeaveAtEntry,
        ThrowUnlessLater {

    /** How the internal name of the class ends. */
    String classEnding();

    /** Whether a class may be the one. */
    default boolean concerns(String internalName, byte[] classFile) {
        return internalName.endsWith(classEnding());
    }

    /**
     * Rewrites the class.
     *
     * @param adapter the number by which the woven code names its adapter to the bridge
     * @return null where there is nothing to rewrite
     * @throws WrongShapeException where the class hasn't got the place
     */
    byte[] woven(byte[] classFile, int adapter) throws WrongShapeException;

    /** The same, for a loader that brings classes. */
    default Recipe recipe(int adapter) {
        return new Recipe() {
            @Override
            public boolean concerns(String internalName, byte[] classFile) {
                return Weaving.this.concerns(internalName, classFile);
            }

            @Override
            public byte[] weave(ClassLoader loader, byte[] classFile) throws WrongShapeException {
                return woven(classFile, adapter);
            }
        };
    }
}
