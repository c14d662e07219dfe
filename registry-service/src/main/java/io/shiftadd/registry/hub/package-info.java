/**
 * Models from a Hub-style server: downloads what a model needs into a directory under an allowed root, and registers
 * it from there. Nothing is fetched from anywhere but the configured base URL.
 */
@NullMarked
package io.shiftadd.registry.hub;

import org.jspecify.annotations.NullMarked;
