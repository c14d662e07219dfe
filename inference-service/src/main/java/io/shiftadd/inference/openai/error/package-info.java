/**
 * The error object, and which failure gets which. {@link io.shiftadd.inference.openai.error.ApiException} is what all
 * rooms throw.
 */
@NullMarked
package io.shiftadd.inference.openai.error;

import org.jspecify.annotations.NullMarked;
