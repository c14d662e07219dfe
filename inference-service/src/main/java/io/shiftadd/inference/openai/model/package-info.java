/**
 * What can be asked of models without generating: which there are, what tokens a text has, and whether the service
 * answers.
 */
@NullMarked
package io.shiftadd.inference.openai.model;

import org.jspecify.annotations.NullMarked;
