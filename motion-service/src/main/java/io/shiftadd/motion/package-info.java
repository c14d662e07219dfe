/**
 * Language to rewards: what is said becomes a description, a description parameters of a cost, and a planner moves a
 * simulated robot so that it costs least.
 */
@NullMarked
package io.shiftadd.motion;

import org.jspecify.annotations.NullMarked;
