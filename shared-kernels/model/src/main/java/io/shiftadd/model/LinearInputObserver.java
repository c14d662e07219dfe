package io.shiftadd.model;

/** Sees what goes into the linear layers of a block, before each runs. */
@FunctionalInterface
public interface LinearInputObserver {

    /**
     * @param linearName as in {@link DecoderBlock#linearNames()}
     * @param x row-major {@code [tokens, inputs]}; may be longer; valid during the call, not to be changed
     */
    void observe(String linearName, float[] x, int tokens, int inputs);

    /**
     * Which expert each of the batch's tokens goes to; told by routers that choose one.
     *
     * @param router its tensor's name without {@code .weight}
     * @param experts of each token
     * @param margins by how much the second expert's logit is the larger, for each token
     */
    default void routed(String router, int[] experts, float[] margins) {}
}
