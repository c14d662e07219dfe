/**
 * The beginnings of prompts on disk: pages of keys and values that outlive a model's unloading and the service's end.
 * Knows of tokens and pages, nothing of prompts or engines.
 */
@NullMarked
package io.shiftadd.inference.prefix;

import org.jspecify.annotations.NullMarked;
