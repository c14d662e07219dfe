package io.shiftadd.inference.generation.sampling;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A token with its natural-log probability under the softmax of the raw logits over the whole vocabulary: before bias,
 * penalties and temperature.
 *
 * @param id token id
 * @param logProbability null for the first token of a prompt, which nothing predicts
 * @param top the most probable tokens at this position, most probable first; empty when none were asked for
 */
public record ScoredToken(int id, @Nullable Double logProbability, List<Alternative> top) {

    public ScoredToken {
        top = List.copyOf(top);
    }

    /** One of the most probable tokens at a position. */
    public record Alternative(int id, double logProbability) {}
}
