/**
 * Who may call, before anything of a request is read: names and pages, API keys with their scopes, rates and
 * concurrency. How large a body may be is decided where it is read, in {@code openai.request}.
 */
@NullMarked
package io.shiftadd.inference.limits;

import org.jspecify.annotations.NullMarked;
