/**
 * The life of a job on a worker: claimed under a lease, run by Spring Batch with a checkpoint a decoder block,
 * committed only under the version of the lease that stands. Here the parts are wired; each has a room of its own, and
 * may use those before it: lease, run, step, then partition and publication.
 */
@NullMarked
package io.shiftadd.quantize.job;

import org.jspecify.annotations.NullMarked;
