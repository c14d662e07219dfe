/** Models as files for others: an artifact as a directory, expanded to plain safetensors, or as GGUF. */
@NullMarked
package io.shiftadd.cli.export;

import org.jspecify.annotations.NullMarked;
