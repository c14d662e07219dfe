/** Models by name: bringing them here from the Hub or from this machine's files, looking at them, removing them. */
@NullMarked
package io.shiftadd.cli.model;

import org.jspecify.annotations.NullMarked;
