/**
 * Starts and stops a real PostgreSQL that needs no installation. The local stack runs it as a process of its own
 * with data that survives restarts; tests take a fresh one.
 */
@NullMarked
package io.shiftadd.postgres;

import org.jspecify.annotations.NullMarked;
