/**
 * Decides how many bits each layer gets. Choosing is an integer program solved exactly; what it minimises is measured
 * or, cheaper, predicted from the layer's sensitivity.
 */
@NullMarked
package io.shiftadd.quantize.allocation;

import org.jspecify.annotations.NullMarked;
