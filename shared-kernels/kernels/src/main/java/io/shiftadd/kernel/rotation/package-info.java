/**
 * The randomized Hadamard transform of a layer's inputs or outputs, by additions only.
 */
@NullMarked
package io.shiftadd.kernel.rotation;

import org.jspecify.annotations.NullMarked;
