/** Jobs: reparameterizing and evaluating a model from its name, and what goes on. */
@NullMarked
package io.shiftadd.cli.job;

import org.jspecify.annotations.NullMarked;
