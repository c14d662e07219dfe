/**
 * Texts that jobs calibrate with and evaluate on: UTF-8 files that are registered where they lie, or uploaded.
 */
@NullMarked
package io.shiftadd.registry.text;

import org.jspecify.annotations.NullMarked;
