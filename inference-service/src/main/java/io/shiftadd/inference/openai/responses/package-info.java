/**
 * {@code /v1/responses}: items in, items out, over the same conversations as chat. What is kept of them, the registry
 * keeps.
 */
@NullMarked
package io.shiftadd.inference.openai.responses;

import org.jspecify.annotations.NullMarked;
