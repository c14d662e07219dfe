/**
 * What the steps of a job do, from validation to evaluation, and the rows that they leave.
 */
@NullMarked
package io.shiftadd.quantize.job.step;

import org.jspecify.annotations.NullMarked;
