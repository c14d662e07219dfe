/**
 * How models write what is no plain text: calls of tools, and what they think before they answer. Found from the chat
 * template; read from the text as it comes, and kept to while tokens are chosen.
 */
@NullMarked
package io.shiftadd.inference.syntax;

import org.jspecify.annotations.NullMarked;
