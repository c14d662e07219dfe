/**
 * Tensors and the files that hold them, for those who read a model: {@link io.shiftadd.format.Checkpoint#open} finds
 * the form. Bytes that are not what they should be are refused with {@link io.shiftadd.format.FormatException}: what,
 * where, the limit, the remedy. Each form is a room below.
 */
@NullMarked
package io.shiftadd.format;

import org.jspecify.annotations.NullMarked;
