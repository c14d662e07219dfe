/**
 * The end of a job that went well: the artifact's files, put together and moved into the store, and the rows that make
 * it a model.
 */
@NullMarked
package io.shiftadd.quantize.job.publication;

import org.jspecify.annotations.NullMarked;
