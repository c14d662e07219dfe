package io.shiftadd.quantize.allocation;

import java.util.Map;

/**
 * The bits of every layer, and what they cost.
 *
 * @param bits by layer, in the order the layers were given
 * @param cost the sum of the chosen costs, at most the budget
 * @param error the sum of the chosen errors: no other choice within the budget has less
 */
public record BitAllocation(Map<String, Integer> bits, long cost, double error) {}
