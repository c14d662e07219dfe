package io.shiftadd.kernel;

/**
 * The arithmetic of packed layers for one species. The scalar implementations specify it, the vector ones give the
 * same bits: float operations are single additions and multiplications in a fixed order, never fused, and sums of table
 * entries are integers and exact.
 */
record Kernel(KernelSpecies species, Rotator rotator, TableBuilder tables, RowLookUp rows) {}
