/**
 * From text to token ids, as the parts of a tokenizer.json say: added tokens, normalizer, pre-tokenizer, model,
 * template. What each part does is defined by the Hugging Face tokenizers library (0.21), which the tests compare with;
 * nothing here trusts the file, and whatever it says, a text takes time and memory in proportion to its length.
 */
@NullMarked
package io.shiftadd.tokenizer.encoding;

import org.jspecify.annotations.NullMarked;
