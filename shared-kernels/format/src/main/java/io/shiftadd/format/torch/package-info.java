/**
 * Weights as PyTorch saves them: a zip archive of bare storages, and a pickle that says which tensor lies where in
 * them. A pickle is a program; this one is not run but read, by an interpreter that knows how to describe tensors and
 * nothing else.
 */
@NullMarked
package io.shiftadd.format.torch;

import org.jspecify.annotations.NullMarked;
