/** The API of sessions: what is asked of them, and what is told of them. */
@NullMarked
package io.shiftadd.motion.api;

import org.jspecify.annotations.NullMarked;
