/**
 * Languages of texts: regular expressions and formats become automata over Unicode characters, which can be intersected
 * and say how every beginning may be completed.
 */
@NullMarked
package io.shiftadd.inference.grammar.pattern;

import org.jspecify.annotations.NullMarked;
