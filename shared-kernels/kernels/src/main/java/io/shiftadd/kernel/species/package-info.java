/**
 * Which vectors the kernels run on, chosen once for the process; and how a class that is written for any vector
 * length becomes one for each.
 */
@NullMarked
package io.shiftadd.kernel.species;

import org.jspecify.annotations.NullMarked;
