/**
 * What stands before the API: request ids, the size of a body, API keys with their scopes, rates and concurrency.
 * Everything here refuses before anything is computed.
 */
@NullMarked
package io.shiftadd.inference.limits;

import org.jspecify.annotations.NullMarked;
