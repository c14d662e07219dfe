/** Errors of this API: problem details (RFC 9457), as the registry's are, whatever part of the service finds one. */
@NullMarked
package io.shiftadd.motion.problem;

import org.jspecify.annotations.NullMarked;
