/**
 * What the OpenAPI document says beside the controllers: its head, the errors of each operation, and which properties
 * are always there.
 */
@NullMarked
package io.shiftadd.inference.openai.document;

import org.jspecify.annotations.NullMarked;
