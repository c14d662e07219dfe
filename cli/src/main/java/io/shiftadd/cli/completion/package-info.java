/** What makes a shell complete commands, options and the names of models. */
@NullMarked
package io.shiftadd.cli.completion;

import org.jspecify.annotations.NullMarked;
