/**
 * All files of a model together: sizes, hashes and the manifest of an artifact, and a scan for weights that are no
 * numbers.
 */
@NullMarked
package io.shiftadd.format.contents;

import org.jspecify.annotations.NullMarked;
