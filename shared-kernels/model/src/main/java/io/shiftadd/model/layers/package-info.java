/**
 * A block's operations but attention: linear layers over weights as they are stored, norms, what is done element by
 * element; and the vector arithmetic they share.
 */
@NullMarked
package io.shiftadd.model.layers;

import org.jspecify.annotations.NullMarked;
