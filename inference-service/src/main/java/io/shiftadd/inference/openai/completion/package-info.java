/**
 * {@code /v1/completions}: reads prompts and makes what continues them, with the scores of tokens when they are asked
 * for. Nothing of it is needed elsewhere.
 */
@NullMarked
package io.shiftadd.inference.openai.completion;

import org.jspecify.annotations.NullMarked;
