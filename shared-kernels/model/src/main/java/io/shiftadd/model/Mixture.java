package io.shiftadd.model;

import java.util.List;
import java.util.function.UnaryOperator;

/** A feed-forward of several experts, of which a router chooses for each token. */
sealed interface Mixture permits ExpertMixture, TokenExperts {

    /** The same router before other layers. */
    Mixture with(UnaryOperator<LinearSlot> others);

    /** Experts whose layers may be replaced. */
    int count();

    /** Names of an expert's layers that see what the router sees. */
    List<String> firstLayers(int expert);

    String lastLayer(int expert);

    /**
     * All experts.
     *
     * @param x {@code [tokens, hiddenSize]}; not changed
     * @param hidden {@code [tokens, hiddenSize]}, added to
     */
    void forward(Pass pass, float[] x, float[] hidden);

    /** The inputs of an expert's first layers: {@code x} for its tokens, 0 for others. */
    void inputs(Pass pass, int e, float[] x, float[] inputs);

    /** The inputs of an expert's last layer, 0 for the tokens of others. */
    void inner(Pass pass, int e, float[] x, float[] inner);

    /** Adds an expert's outputs to the hidden state. */
    void addOutputs(Pass pass, int e, float[] x, float[] inner, float[] hidden);
}
