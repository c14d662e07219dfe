/**
 * What a person or a model asks the robot to do, as a value: read from JSON with every mistake named, written as JSON,
 * and told to language models as a JSON schema. All three come from the one record {@link MotionDescription}.
 */
@NullMarked
package io.shiftadd.motion.description;

import org.jspecify.annotations.NullMarked;
