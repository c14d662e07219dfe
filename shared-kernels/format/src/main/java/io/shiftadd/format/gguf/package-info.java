/**
 * GGUF files: header and metadata, tensors in one file or several parts, and their names and row orders turned into
 * those of the original model. Quantized blocks are read by {@code format.ggml}.
 */
@NullMarked
package io.shiftadd.format.gguf;

import org.jspecify.annotations.NullMarked;
