/**
 * The right to work on a job, and the writes that only its holder makes: the queue, the lease with its version, fenced
 * transactions. Knows nothing of what a job does.
 */
@NullMarked
package io.shiftadd.quantize.job.lease;

import org.jspecify.annotations.NullMarked;
