/**
 * Renders the Jinja templates that come with models. A template is a stranger's program: it reaches strings, numbers,
 * lists and maps, never a Java object, and what it may do is bounded.
 */
@NullMarked
package io.shiftadd.tokenizer.jinja;

import org.jspecify.annotations.NullMarked;
