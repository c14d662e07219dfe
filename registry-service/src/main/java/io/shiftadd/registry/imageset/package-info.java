/**
 * Sets of labelled images that jobs calibrate models of images with and evaluate them on, registered where they lie.
 */
@NullMarked
package io.shiftadd.registry.imageset;

import org.jspecify.annotations.NullMarked;
