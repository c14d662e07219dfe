/**
 * The OpenAI-style API. Each endpoint has a room ({@code chat}, {@code completion}, {@code responses}, {@code
 * embedding}, {@code images}, {@code model}); they share how requests are read ({@code request}, limits of bodies among
 * it), what an answer must be ({@code structure}), how answers are written ({@code answer}) and what errors say ({@code
 * error}). This package itself is empty.
 */
@NullMarked
package io.shiftadd.inference.openai;

import org.jspecify.annotations.NullMarked;
