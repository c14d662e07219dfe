/**
 * The two products of linear attention over binary codes: values summed by the keys' codes, and these sums added up by
 * the queries' codes. Nothing is multiplied.
 */
@NullMarked
package io.shiftadd.kernel.angular;

import org.jspecify.annotations.NullMarked;
