/**
 * The arithmetic: one interface for each operation, with a scalar implementation that specifies it and a vector
 * one that is fast. Callers ask for the operation and never for the implementation.
 */
@NullMarked
package io.shiftadd.kernel;

import org.jspecify.annotations.NullMarked;
