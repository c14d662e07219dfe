/** Runs among classes of its own, see {@code SpringAiToolIT}. */
package io.shiftadd.e2e.annotated;
