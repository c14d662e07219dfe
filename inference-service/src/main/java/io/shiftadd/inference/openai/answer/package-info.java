/**
 * How answers are written while tokens come: in one piece or as server-sent events, with signs of life, and with an eye
 * on whether somebody still listens. {@link io.shiftadd.inference.openai.answer.Answers} begins them.
 */
@NullMarked
package io.shiftadd.inference.openai.answer;

import org.jspecify.annotations.NullMarked;
