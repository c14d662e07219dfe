/**
 * Turns what is said into a description, by a language model behind an OpenAI-compatible API: ours, or any other.
 */
@NullMarked
package io.shiftadd.motion.instruction;

import org.jspecify.annotations.NullMarked;
