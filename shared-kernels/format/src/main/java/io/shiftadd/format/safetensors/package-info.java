/**
 * Safetensors files, in one or in shards with an index: read where they are mapped, written as a stream.
 */
@NullMarked
package io.shiftadd.format.safetensors;

import org.jspecify.annotations.NullMarked;
