/**
 * The model families and their forward pass over float or packed layers. Evaluation and serving both run this
 * code, so that what is measured is what is served.
 */
@NullMarked
package io.shiftadd.model;

import org.jspecify.annotations.NullMarked;
