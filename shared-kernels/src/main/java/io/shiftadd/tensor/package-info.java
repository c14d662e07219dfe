/**
 * Arrays of numbers with a shape and a type, on the heap or mapped from a file. Everything that computes passes
 * data on as these.
 */
@NullMarked
package io.shiftadd.tensor;

import org.jspecify.annotations.NullMarked;
