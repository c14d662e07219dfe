/**
 * Serves published models through an OpenAI-style API. It has no database: it asks the registry, and keeps
 * serving what it has loaded while the registry is away.
 */
@NullMarked
package io.shiftadd.inference;

import org.jspecify.annotations.NullMarked;
