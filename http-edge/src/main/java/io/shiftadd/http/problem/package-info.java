/**
 * Errors as clients of the platform's own APIs see them: RFC 9457 problem details with a stable type for each kind of
 * failure. The inference-service answers in the forms of the APIs that it speaks instead.
 */
@NullMarked
package io.shiftadd.http.problem;

import org.jspecify.annotations.NullMarked;
