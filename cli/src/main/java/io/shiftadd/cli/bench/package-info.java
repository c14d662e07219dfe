/**
 * Measurements that fill docs/results.md: each command makes its table anew, from models and texts to figures.
 */
@NullMarked
package io.shiftadd.cli.bench;

import org.jspecify.annotations.NullMarked;
