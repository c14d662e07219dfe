/**
 * Who may use a service, the same for all that ask the registry about API keys: which keys are valid, what each may use
 * at a time, and the id by which a request is found again.
 */
@NullMarked
package io.shiftadd.http.access;

import org.jspecify.annotations.NullMarked;
