/** {@code POST /v1/responses}: items in, items out, over the same conversations as chat. */
@NullMarked
package io.shiftadd.inference.openai.responses;

import org.jspecify.annotations.NullMarked;
