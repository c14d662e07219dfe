/**
 * One run of a claimed job: what its steps share (settings, models, work directory, progress), what runs beside it, and
 * how it ended.
 */
@NullMarked
package io.shiftadd.quantize.job.run;

import org.jspecify.annotations.NullMarked;
