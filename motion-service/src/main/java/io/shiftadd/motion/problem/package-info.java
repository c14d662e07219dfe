/** Which problem each failure of this service is, whatever part of it finds one. */
@NullMarked
package io.shiftadd.motion.problem;

import org.jspecify.annotations.NullMarked;
