package io.shiftadd.quantize.tuning;

import org.jspecify.annotations.Nullable;

/**
 * A norm after tuning.
 *
 * @param name of its tensors, without {@code .weight} and {@code .bias}
 * @param weight as it is multiplied: with 1 added where the file has the difference
 */
public record TunedNorm(String name, float[] weight, float @Nullable [] bias) {}
