/**
 * What an answer must be: {@code response_format} as it is read, and what constrains the tokens of a model by it.
 */
@NullMarked
package io.shiftadd.inference.openai.structure;

import org.jspecify.annotations.NullMarked;
