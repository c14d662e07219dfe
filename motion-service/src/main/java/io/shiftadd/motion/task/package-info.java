/** The nine tasks of the paper: what is said, what is meant, and by what a run is judged. */
@NullMarked
package io.shiftadd.motion.task;

import org.jspecify.annotations.NullMarked;
