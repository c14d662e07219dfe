/**
 * Tuning by self-distillation: scales and codes of a packed model, its norms and biases are trained until its output
 * distribution is the original's, on text that the original writes itself. What comes out are layers of the same sizes,
 * for the same kernels.
 */
@NullMarked
package io.shiftadd.quantize.tuning;

import org.jspecify.annotations.NullMarked;
