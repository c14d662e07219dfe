package io.shiftadd.format.torch;

import io.shiftadd.format.DType;

/**
 * A run of elements in the archive, which tensors share.
 *
 * @param key name of the record below {@code data/}
 * @param count number of elements
 */
record TorchStorage(DType dtype, String key, long count) {}
