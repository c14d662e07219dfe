/**
 * Structured output: a JSON schema becomes a grammar over bytes, and the grammar decides which tokens of a vocabulary
 * may come next, so that what is generated is always valid JSON.
 */
@NullMarked
package io.shiftadd.inference.grammar;

import org.jspecify.annotations.NullMarked;
