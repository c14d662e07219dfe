/**
 * Measures a model as it is served, through whatever layers it holds: perplexity over windows of a text, and benchmarks
 * that weigh the likelihoods of continuations.
 */
@NullMarked
package io.shiftadd.quantize.evaluation;

import org.jspecify.annotations.NullMarked;
