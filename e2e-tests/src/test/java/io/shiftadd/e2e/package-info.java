/**
 * The platform from outside: the built executable jars run as processes of their own against a real PostgreSQL, and
 * clients that nobody here wrote talk to them over HTTP.
 */
@NullMarked
package io.shiftadd.e2e;

import org.jspecify.annotations.NullMarked;
