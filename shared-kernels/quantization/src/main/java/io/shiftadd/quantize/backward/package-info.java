/**
 * The backward pass: what each operation of the forward pass adds to the gradient of a loss, in float, for whole
 * sequences without a cache. It follows the order of {@link io.shiftadd.model.DecoderBlock}; serving needs none of it.
 *
 * <p>Gradients of parameters are sums over tokens in an order that does not depend on the threads.
 */
@NullMarked
package io.shiftadd.quantize.backward;

import org.jspecify.annotations.NullMarked;
