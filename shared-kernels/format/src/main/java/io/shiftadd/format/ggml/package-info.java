/**
 * The quantized types of GGUF files and how their blocks become floats. A decoder for each kind of type: plain
 * integers, k-quants, ternary values, code books and grids.
 *
 * <p>Source: ggml-quants.c of ggml, {@code dequantize_row_*}, whose order of operations and hence bits are kept.
 */
@NullMarked
package io.shiftadd.format.ggml;

import org.jspecify.annotations.NullMarked;
