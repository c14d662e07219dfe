/**
 * Anthropic's Messages API over the same conversations as chat: how its requests are read, and its answers, events and
 * errors written.
 */
@NullMarked
package io.shiftadd.inference.anthropic;

import org.jspecify.annotations.NullMarked;
