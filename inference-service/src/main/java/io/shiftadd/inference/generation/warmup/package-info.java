/** What runs before anybody asks, so that the compiler has done its work when somebody does. */
@NullMarked
package io.shiftadd.inference.generation.warmup;

import org.jspecify.annotations.NullMarked;
