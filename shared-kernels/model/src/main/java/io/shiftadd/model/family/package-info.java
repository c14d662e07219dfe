/**
 * What a model is, as its files say: config.json and GGUF metadata read into a
 * {@link io.shiftadd.model.family.ModelConfig}. A family is one file, listed in
 * {@link io.shiftadd.model.family.Family}: names of tensors and keys, norms, gate, positions.
 */
@NullMarked
package io.shiftadd.model.family;

import org.jspecify.annotations.NullMarked;
