/** A conversation with a model: on the terminal, or one question and its answer for scripts. */
@NullMarked
package io.shiftadd.cli.chat;

import org.jspecify.annotations.NullMarked;
