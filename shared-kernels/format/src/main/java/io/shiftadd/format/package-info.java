/**
 * Reads and writes weight files: safetensors as published, and packed weights as this project stores them. A
 * malformed file is rejected with its offset and the reason.
 */
@NullMarked
package io.shiftadd.format;

import org.jspecify.annotations.NullMarked;
