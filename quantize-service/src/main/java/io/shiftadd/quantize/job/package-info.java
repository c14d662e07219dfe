/**
 * The life of a job on a worker: claimed under a lease, run by Spring Batch with a checkpoint a decoder block, committed
 * only under the version of the lease that stands. The algorithms are in the packages beside this one.
 */
@NullMarked
package io.shiftadd.quantize.job;

import org.jspecify.annotations.NullMarked;
