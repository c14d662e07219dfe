/**
 * The sequences of a batch and their keys and values, kept in pages that sequences with the same beginning share.
 */
@NullMarked
package io.shiftadd.model.cache;

import org.jspecify.annotations.NullMarked;
