/**
 * Gathers what the method learns a layer's inputs from: windows of text or of the model's own samples, and the hidden
 * states of them before each block, spilled to disk.
 */
@NullMarked
package io.shiftadd.quantize.calibration;

import org.jspecify.annotations.NullMarked;
