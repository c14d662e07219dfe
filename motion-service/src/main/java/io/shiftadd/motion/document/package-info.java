/** What the OpenAPI document says beyond the annotations of the controllers: its head, and the problems. */
@NullMarked
package io.shiftadd.motion.document;

import org.jspecify.annotations.NullMarked;
