package io.shiftadd.motion.description;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a number of a description may be. */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
@interface Range {

    double min();

    double max();

    /** For messages and the schema, e.g. {@code metres}. */
    String unit();

    /** Whether whole numbers are written without a point, as people write degrees. */
    boolean plain() default false;
}
