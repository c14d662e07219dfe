/**
 * {@code /v1/images/classifications}: the classes of images, sent as data URLs, base64 or the parts of a form.
 */
@NullMarked
package io.shiftadd.inference.openai.images;

import org.jspecify.annotations.NullMarked;
