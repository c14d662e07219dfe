/**
 * The contract of a job: what the registry writes into its row, what the dashboard offers and what a worker reads.
 * Every limit, default and name stands here once.
 */
@NullMarked
package io.shiftadd.job;

import org.jspecify.annotations.NullMarked;
