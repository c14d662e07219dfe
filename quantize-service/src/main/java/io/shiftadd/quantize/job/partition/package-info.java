/**
 * Parts of a job that any worker may take: blocks and layers as messages in PostgreSQL, who looks after them, and what
 * becomes of those whose worker is gone.
 */
@NullMarked
package io.shiftadd.quantize.job.partition;

import org.jspecify.annotations.NullMarked;
