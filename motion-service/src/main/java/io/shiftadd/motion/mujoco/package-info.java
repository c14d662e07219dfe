/**
 * MuJoCo's C library, called through {@code java.lang.foreign}: which library is there, models, and the state of a
 * simulation. Nothing else in this service knows of native memory.
 */
@NullMarked
package io.shiftadd.motion.mujoco;

import org.jspecify.annotations.NullMarked;
