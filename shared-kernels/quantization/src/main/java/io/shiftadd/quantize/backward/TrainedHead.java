package io.shiftadd.quantize.backward;

import org.jspecify.annotations.Nullable;

/**
 * From the last hidden state to logits: {@code logits = cap(scale·head·(narrow·norm(x)))}. Only the norm is trained.
 *
 * @param norm or null
 * @param projection {@code [embedding, hidden]} where the embedding is narrower than the hidden state, or null
 * @param weights {@code [vocabulary, embedding]}
 * @param softCap c in {@code c·tanh(logit/c)}, or 0 for none
 */
public record TrainedHead(
        @Nullable TrainedNorm norm,
        float @Nullable [] projection,
        float[] weights,
        int hidden,
        int embedding,
        int vocabulary,
        float scale,
        float softCap) {}
