/**
 * Reading what clients send: bodies within their cap, and JSON objects field by field, so that every mistake in a
 * request is reported at once and by name.
 */
@NullMarked
package io.shiftadd.registry.request;

import org.jspecify.annotations.NullMarked;
