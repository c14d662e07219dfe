/**
 * Models: their import from a directory, what is known of them, and who descends from whom. A published artifact is a
 * model too, registered by the worker that made it.
 */
@NullMarked
package io.shiftadd.registry.model;

import org.jspecify.annotations.NullMarked;
