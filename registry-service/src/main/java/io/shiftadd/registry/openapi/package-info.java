/**
 * What the OpenAPI document says beyond the annotations of the controllers: its head, the problems that operations
 * answer with, and which properties may be null.
 */
@NullMarked
package io.shiftadd.registry.openapi;

import org.jspecify.annotations.NullMarked;
