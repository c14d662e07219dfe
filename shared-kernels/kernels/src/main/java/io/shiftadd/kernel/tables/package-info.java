/**
 * Look-up tables of the activations: the sums ±x ±x ±x ±x, shifted by the scales and rounded to bytes.
 * {@link io.shiftadd.kernel.tables.Tables} gives the builder of a species.
 */
@NullMarked
package io.shiftadd.kernel.tables;

import org.jspecify.annotations.NullMarked;
