/**
 * Looking up and adding: the innermost loops. {@link io.shiftadd.kernel.loops.Loops} gives those of a species;
 * one token goes through several row tiles at once ({@code OneTokenLookUp}), several tokens through each tile together
 * ({@code TokensLookUp}). The unrolled loops of tiles are written by {@code LoopWriter}, among the tests.
 */
@NullMarked
package io.shiftadd.kernel.loops;

import org.jspecify.annotations.NullMarked;
