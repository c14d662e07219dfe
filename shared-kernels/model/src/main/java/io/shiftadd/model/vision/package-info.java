/**
 * From the bytes of an image file to the values that a model of images sees: decoding within limits, resizing as the
 * reference does, normalizing; and sets of labelled images in directories and IDX files.
 */
@NullMarked
package io.shiftadd.model.vision;

import org.jspecify.annotations.NullMarked;
