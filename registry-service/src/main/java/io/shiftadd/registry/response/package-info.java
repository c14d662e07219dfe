/**
 * Responses that clients asked to keep, so that they can go on from them: for a stated time, for the key that they were
 * made with alone. The inference-service brings and fetches them in the name of its clients.
 */
@NullMarked
package io.shiftadd.registry.response;

import org.jspecify.annotations.NullMarked;
