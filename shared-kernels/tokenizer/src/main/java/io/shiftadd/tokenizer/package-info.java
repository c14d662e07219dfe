/**
 * Turns text into token ids and back, as the model's own tokenizer does. Streaming decoding emits only complete
 * characters.
 */
@NullMarked
package io.shiftadd.tokenizer;

import org.jspecify.annotations.NullMarked;
