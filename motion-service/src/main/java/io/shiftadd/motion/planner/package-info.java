/**
 * Finds the motion: the robot in its scene, and a planner that rolls samples of the next moments out and keeps to those
 * that cost least.
 */
@NullMarked
package io.shiftadd.motion.planner;

import org.jspecify.annotations.NullMarked;
