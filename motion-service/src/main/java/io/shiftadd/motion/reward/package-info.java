/**
 * What a motion costs: the parameters that say what is wanted, how a description becomes such parameters, and the cost
 * of a state under them.
 */
@NullMarked
package io.shiftadd.motion.reward;

import org.jspecify.annotations.NullMarked;
