/**
 * The content-addressed store of published models: a directory is assembled aside, described by a manifest, and moved
 * to the address that the manifest's SHA-256 gives. What lies there never changes.
 */
@NullMarked
package io.shiftadd.quantize.artifact;

import org.jspecify.annotations.NullMarked;
