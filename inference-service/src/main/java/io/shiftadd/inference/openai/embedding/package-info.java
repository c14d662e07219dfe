/**
 * {@code /v1/embeddings}: texts as vectors.
 */
@NullMarked
package io.shiftadd.inference.openai.embedding;

import org.jspecify.annotations.NullMarked;
