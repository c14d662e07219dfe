/**
 * What a model takes, original or packed, read off the headers of its files: bytes, operations of one token, and an
 * estimate of their energy. docs/costs.md tells how each is counted.
 */
@NullMarked
package io.shiftadd.cost;

import org.jspecify.annotations.NullMarked;
