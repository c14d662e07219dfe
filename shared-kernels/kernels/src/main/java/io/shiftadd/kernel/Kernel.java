package io.shiftadd.kernel;

/**
 * The arithmetic of packed layers for one species. The scalar implementations specify it, the vector ones give the
 * same bits: float operations come in a fixed order, fused only where they say so, and sums of table entries are integers
 * and exact.
 */
record Kernel(KernelSpecies species, Rotator rotator, TableBuilder tables, RowLookUp rows) {}
