/** Everything that a stranger may do at once, beside a steady honest load. */
@NullMarked
package io.shiftadd.cli.bench.siege;

import org.jspecify.annotations.NullMarked;
