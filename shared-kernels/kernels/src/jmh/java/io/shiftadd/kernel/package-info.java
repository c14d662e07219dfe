/**
 * Each kernel against its plain loops, a float matrix-vector product and what memory allows. Not part of the build:
 * {@code ./shiftadd bench kernels} compiles and runs them.
 */
@NullMarked
package io.shiftadd.kernel;

import org.jspecify.annotations.NullMarked;
