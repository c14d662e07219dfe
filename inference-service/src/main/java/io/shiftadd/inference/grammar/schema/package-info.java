/**
 * Reads JSON schemas and makes rules of them. A schema is the conjunction of all its keywords: they are read into one
 * typed record, intersected with those of the schemas that it refers to, and contradictions are found where that is
 * done.
 */
@NullMarked
package io.shiftadd.inference.grammar.schema;

import org.jspecify.annotations.NullMarked;
