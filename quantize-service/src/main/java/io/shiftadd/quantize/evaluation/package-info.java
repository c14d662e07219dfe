/**
 * Measures a model as it is served: perplexity over windows of a text, through whatever layers the model holds.
 */
@NullMarked
package io.shiftadd.quantize.evaluation;

import org.jspecify.annotations.NullMarked;
