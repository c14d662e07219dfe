/**
 * How planes, scales and tables lie in memory, and the arrays that a thread reuses. What the loops, the tables'
 * builders and the files agree on.
 */
@NullMarked
package io.shiftadd.kernel.packed;

import org.jspecify.annotations.NullMarked;
