/**
 * The command line behind the launcher at the top of the checkout. It runs the local stack and talks to the
 * services over HTTP.
 */
@NullMarked
package io.shiftadd.cli;

import org.jspecify.annotations.NullMarked;
