/** What a model takes: bytes, operations of one token and an estimate of their energy, original against packed. */
@NullMarked
package io.shiftadd.registry.cost;

import org.jspecify.annotations.NullMarked;
