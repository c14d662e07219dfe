package io.shiftadd.model;

/** How a model knows where a token stands. */
public sealed interface Positions {

    /** A learned vector per position, in row {@code position + offset} of a table. */
    record Learned(int offset) implements Positions {}

    /** A bias on the scores that falls linearly with distance, steeper for later heads; no parameters. */
    record Alibi() implements Positions {}

    /** Rotation of queries and keys by angles {@code position·θ^(−2i/headDim)}, possibly scaled. */
    record Rotary(double theta, RopeScaling scaling) implements Positions {}

    /** How rotation frequencies are stretched for contexts longer than the model was trained on. */
    sealed interface RopeScaling {

        record None() implements RopeScaling {}

        /** All frequencies divided by {@code factor}. */
        record Linear(double factor) implements RopeScaling {}

        /** θ grows with the sequence once it is longer than the model's context length. */
        record DynamicNtk(double factor) implements RopeScaling {}

        /** Low frequencies divided by {@code factor}, high ones kept, with a ramp between. */
        record Llama3(double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalContextLength)
                implements RopeScaling {}

        /** As Llama3 with another ramp, and the rotated vectors multiplied by {@code attentionFactor}. */
        record Yarn(
                double factor,
                double attentionFactor,
                double betaFast,
                double betaSlow,
                boolean truncate,
                int originalContextLength)
                implements RopeScaling {}
    }
}
