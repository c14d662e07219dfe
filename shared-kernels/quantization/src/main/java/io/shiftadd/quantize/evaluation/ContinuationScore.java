package io.shiftadd.quantize.evaluation;

/**
 * What a model thinks of a continuation of a context.
 *
 * @param logLikelihood {@code Σ ln p(token | those before)}
 * @param greedy whether the model would write just this, always taking the likeliest token
 */
public record ContinuationScore(double logLikelihood, boolean greedy) {}
