/**
 * The OpenAI-style API: its records, its strict reading of requests, its streams and its errors, and the controllers
 * that connect them with models and the engine.
 */
@NullMarked
package io.shiftadd.inference.openai;

import org.jspecify.annotations.NullMarked;
