/**
 * What all APIs for conversations have in common: a conversation with tools that is to be answered, and the answer as
 * one stream of events. An API reads its requests into the one and writes its answers from the other.
 */
@NullMarked
package io.shiftadd.inference.conversation;

import org.jspecify.annotations.NullMarked;
