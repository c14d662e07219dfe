/** The robot measured: what is understood of an instruction, what control makes of it, and the memory that it takes. */
@NullMarked
package io.shiftadd.cli.bench.motion;

import org.jspecify.annotations.NullMarked;
