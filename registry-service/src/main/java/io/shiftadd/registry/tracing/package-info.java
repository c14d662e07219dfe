/**
 * What traces say of the registry's requests. Spring makes the spans; here they are told which job they are about.
 * Traces are off until a collector is configured.
 */
@NullMarked
package io.shiftadd.registry.tracing;

import org.jspecify.annotations.NullMarked;
