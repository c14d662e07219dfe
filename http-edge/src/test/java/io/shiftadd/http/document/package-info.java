/** What the tests of every service ask of its OpenAPI document. */
@NullMarked
package io.shiftadd.http.document;

import org.jspecify.annotations.NullMarked;
