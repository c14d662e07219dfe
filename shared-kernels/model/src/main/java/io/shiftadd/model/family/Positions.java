package io.shiftadd.model.family;

import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** How a model knows where a token stands. */
public sealed interface Positions {

    /** A learned vector per position, in row {@code position + offset} of a table. */
    record Learned(int offset) implements Positions {}

    /** A bias on the scores that falls linearly with distance, steeper for later heads; no parameters. */
    record Alibi() implements Positions {}

    /**
     * Rotation of queries and keys.
     *
     * @param dimensions of a head, from the first on, that are rotated
     * @param blocks each block's rotation, or none
     */
    record Rotary(int dimensions, List<Optional<Rotation>> blocks) implements Positions {

        public Rotary {
            blocks = List.copyOf(blocks);
        }

        /**
         * Whether a position's angles are others in a longer sequence, so that what is computed of a token depends on
         * how many follow it in the pass.
         */
        public boolean dependsOnLength() {
            return blocks.stream()
                    .flatMap(Optional::stream)
                    .map(Rotation::scaling)
                    .anyMatch(scaling ->
                            scaling instanceof RopeScaling.DynamicNtk || scaling instanceof RopeScaling.Long);
        }

        /** The same in all blocks. */
        static Rotary everywhere(int dimensions, int blocks, Rotation rotation) {
            return new Rotary(dimensions, Collections.nCopies(blocks, Optional.of(rotation)));
        }
    }

    /** By angles {@code position·θ^(−2i/dimensions)}, possibly scaled. */
    record Rotation(double theta, RopeScaling scaling) {}

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

        /**
         * Each frequency divided by a factor of its own: other factors for sequences longer than the original context.
         * Rotated vectors are multiplied by {@code attentionFactor}.
         */
        record Long(
                List<Double> shortFactors, List<Double> longFactors, double attentionFactor, int originalContextLength)
                implements RopeScaling {

            public Long {
                shortFactors = List.copyOf(shortFactors);
                longFactors = List.copyOf(longFactors);
            }
        }

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
