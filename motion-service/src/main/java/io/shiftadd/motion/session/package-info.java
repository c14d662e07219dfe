/**
 * A robot that runs in real time: its simulation, the planner beside it, what was said to it, and what is told of it.
 */
@NullMarked
package io.shiftadd.motion.session;

import org.jspecify.annotations.NullMarked;
