/**
 * {@code /v1/chat/completions}: reads a conversation, writes it as the model's own template does, and makes the answer.
 * Nothing of it is needed elsewhere.
 */
@NullMarked
package io.shiftadd.inference.openai.chat;

import org.jspecify.annotations.NullMarked;
