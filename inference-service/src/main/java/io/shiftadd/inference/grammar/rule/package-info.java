/**
 * What JSON text a rule allows, byte by byte: the frames of what has begun, and the graph of stacks that holds every
 * way to read the text so far.
 */
@NullMarked
package io.shiftadd.inference.grammar.rule;

import org.jspecify.annotations.NullMarked;
