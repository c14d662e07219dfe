/**
 * The engine: one thread a loaded model turns queued prompts into tokens, many sequences in each forward pass, which
 * join and leave at any token. Knows of tokens and text, nothing of HTTP.
 */
@NullMarked
package io.shiftadd.inference.generation;

import org.jspecify.annotations.NullMarked;
