/**
 * How the services read HTTP, the same for all of them: whose pages may call, paths as people write them, compressed
 * bodies, media types, CORS where Tomcat refuses alone, and JSON with one set of rules and messages. Errors take the
 * form that each service gives: problem details ({@link io.shiftadd.http.problem}), or its API's own. Who may call is
 * in {@link io.shiftadd.http.access}, with the order of all filters; what a connection may take in {@link
 * io.shiftadd.http.connection}.
 */
@NullMarked
package io.shiftadd.http;

import org.jspecify.annotations.NullMarked;
