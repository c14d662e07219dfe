/** Who may use the service, and how its requests are read before the controllers. */
@NullMarked
package io.shiftadd.motion.access;

import org.jspecify.annotations.NullMarked;
