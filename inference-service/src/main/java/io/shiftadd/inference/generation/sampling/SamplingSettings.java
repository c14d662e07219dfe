package io.shiftadd.inference.generation.sampling;

import java.util.Map;

/**
 * How the next token is chosen from the logits. Applied in this order: bias, penalties, the constraint's mask,
 * temperature, min-p, top-k, top-p, draw.
 *
 * @param temperature 0 takes the most probable token (the lowest id among equals); otherwise logits are divided by it
 * @param topP smallest set of most probable tokens that together reach this probability; 1 = all
 * @param topK this many most probable tokens; 0 = all
 * @param minP tokens at least this fraction as probable as the most probable one; 0 = all
 * @param repetitionPenalty &gt; 0: positive logits of tokens seen in prompt or output are divided by it, negative ones
 *     multiplied (CTRL, Keskar et al. 2019, section 4.1); 1 = none
 * @param presencePenalty subtracted once from every token already generated
 * @param frequencyPenalty subtracted from every token already generated as often as it was
 * @param bias added to the logits of these token ids
 */
public record SamplingSettings(
        double temperature,
        double topP,
        int topK,
        double minP,
        double repetitionPenalty,
        double presencePenalty,
        double frequencyPenalty,
        Map<Integer, Float> bias) {

    public static final SamplingSettings GREEDY = new SamplingSettings(0, 1, 0, 0, 1, 0, 0, Map.of());

    public SamplingSettings {
        bias = Map.copyOf(bias);
    }

    boolean countsTokens() {
        return repetitionPenalty != 1 || presencePenalty != 0 || frequencyPenalty != 0;
    }
}
