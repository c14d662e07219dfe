/**
 * The demonstration: an ordinary client of the two HTTP APIs that takes a sample model the whole way and shows it on
 * the terminal.
 */
@NullMarked
package io.shiftadd.cli.demo;

import org.jspecify.annotations.NullMarked;
