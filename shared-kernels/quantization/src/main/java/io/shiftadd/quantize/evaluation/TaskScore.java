package io.shiftadd.quantize.evaluation;

/**
 * One measure of a model on a task.
 *
 * @param task label of the task, or of a part of it
 * @param metric acc, acc_norm, perplexity, kl_divergence or top1_agreement
 * @param standardError NaN for a single example
 * @param examples that it is taken over
 */
public record TaskScore(String task, String metric, double value, double standardError, long examples) {}
