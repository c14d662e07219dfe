/**
 * What a connection may take of a service before anybody reads its request, and after: clocks for heads, bodies and
 * answers, and how many there may be of one address and of all.
 */
@NullMarked
package io.shiftadd.http.connection;

import org.jspecify.annotations.NullMarked;
