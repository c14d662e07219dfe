/**
 * A model in plain floats, for engines that know no packed layers: what each tensor would be in the original's layout,
 * and what a GGUF file says of it.
 */
@NullMarked
package io.shiftadd.model.expansion;

import org.jspecify.annotations.NullMarked;
