/**
 * Which models there are, as the registry says, and which of them are in memory: loaded at the first request that names
 * them, once, within a memory budget, and unloaded least recently used first.
 */
@NullMarked
package io.shiftadd.inference.loading;

import org.jspecify.annotations.NullMarked;
