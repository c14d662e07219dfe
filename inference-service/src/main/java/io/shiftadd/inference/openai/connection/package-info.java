/**
 * What the API needs of Tomcat that servlets do not offer: whether a client is still there, and errors of requests that
 * reach no servlet.
 */
@NullMarked
package io.shiftadd.inference.openai.connection;

import org.jspecify.annotations.NullMarked;
