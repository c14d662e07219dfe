/**
 * How the services read HTTP, the same for all of them: whose pages may call, paths as people write them, compressed
 * bodies, media types, CORS where Tomcat refuses alone, and JSON with one set of rules and messages. What an error
 * looks like is each service's own.
 */
@NullMarked
package io.shiftadd.http;

import org.jspecify.annotations.NullMarked;
