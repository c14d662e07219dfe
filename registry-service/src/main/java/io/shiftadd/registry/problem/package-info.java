/**
 * Which problem each failure of this service is. Everything that leaves it as an error is made here, so that none
 * carries a stack trace.
 */
@NullMarked
package io.shiftadd.registry.problem;

import org.jspecify.annotations.NullMarked;
