package io.shiftadd.motion.description;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A record that is an array in JSON: its components are the elements, all with the range of the first. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface Elements {}
