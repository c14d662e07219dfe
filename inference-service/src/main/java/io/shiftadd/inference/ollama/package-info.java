/** What tools that speak only Ollama's API need of it, over the same conversations as chat. */
@NullMarked
package io.shiftadd.inference.ollama;

import org.jspecify.annotations.NullMarked;
