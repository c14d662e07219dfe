/**
 * The arithmetic of packed linear layers, for those who run them: {@link io.shiftadd.kernel.LinearLayer} and its kinds,
 * the threads and memory of a call ({@link io.shiftadd.kernel.KernelContext}), and how a layer stands in a file. A pass
 * through a layer rotates the input, builds look-up tables of it, looks up and adds, and rotates back; each of these is
 * a room of its own below this one, with a scalar implementation that specifies it and a vector one that is fast.
 */
@NullMarked
package io.shiftadd.kernel;

import org.jspecify.annotations.NullMarked;
