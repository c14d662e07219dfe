/**
 * Turns weights into sums of scaled binary matrices: fits of scales and signs, error push under the calibration
 * Hessian, and the refinements after it. Knows neither jobs nor databases.
 */
@NullMarked
package io.shiftadd.quantize.reparameterization;

import org.jspecify.annotations.NullMarked;
