/**
 * How requests are read: the envelope of a body, its fields with errors that name them, and prompts as tokens. Strict
 * about what would change an answer, lenient about what would not.
 */
@NullMarked
package io.shiftadd.inference.openai.request;

import org.jspecify.annotations.NullMarked;
