package io.readahead.weave;

import net.bytebuddy.jar.asm.MethodVisitor;

/** Has each method call the bridge with what isn't on the stack. */
public final class BreakingRecipe implements Recipe {

    @Override
    public boolean concerns(String internalName, byte[] classFile) {
        return true;
    }

    @Override
    public byte[] weave(ClassLoader loader, byte[] classFile) {
        return ClassFiles.rewrite(classFile, (name, original) -> new MethodVisitor(ClassFiles.ASM_API, original) {
            @Override
            public void visitCode() {
                super.visitCode();
                Bridge.call(mv, "admit", Bridge.ADMIT);
            }
        });
    }
}
