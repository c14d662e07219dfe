/**
 * Models from the Hub: brings what a model needs into a directory under an allowed root, from the shared cache or the
 * server, and registers it from there. Nothing is fetched from anywhere but the configured server and where it may
 * redirect to.
 */
@NullMarked
package io.shiftadd.registry.hub;

import org.jspecify.annotations.NullMarked;
