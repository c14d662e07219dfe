/**
 * Weights as binary matrices with scales, independent of how they lie in memory: what quantization makes and packing
 * takes.
 */
@NullMarked
package io.shiftadd.kernel.coding;

import org.jspecify.annotations.NullMarked;
