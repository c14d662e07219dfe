/**
 * Attention of a batch's tokens to their sequences: positions, storing keys and values, and the weighted sums in
 * tiles.
 */
@NullMarked
package io.shiftadd.model.attention;

import org.jspecify.annotations.NullMarked;
