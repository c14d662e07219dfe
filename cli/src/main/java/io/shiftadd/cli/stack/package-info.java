/**
 * The platform on one machine: PostgreSQL and the three services as processes of their own, started, watched and
 * stopped. Whatever runs is known by its files in the data directory, so that each command finds what another started.
 */
@NullMarked
package io.shiftadd.cli.stack;

import org.jspecify.annotations.NullMarked;
