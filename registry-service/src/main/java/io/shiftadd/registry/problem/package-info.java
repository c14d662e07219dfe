/**
 * Errors as clients see them: RFC 9457 problem details with a stable type for each kind of failure. Everything that
 * leaves the service as an error is made here, so that none carries a stack trace.
 */
@NullMarked
package io.shiftadd.registry.problem;

import org.jspecify.annotations.NullMarked;
