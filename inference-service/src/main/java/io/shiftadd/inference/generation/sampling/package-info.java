/** Which token comes next: how it is drawn from the logits, what constrains it, and how probable it was. */
@NullMarked
package io.shiftadd.inference.generation.sampling;

import org.jspecify.annotations.NullMarked;
