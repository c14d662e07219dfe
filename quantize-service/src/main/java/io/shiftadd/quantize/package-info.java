/**
 * Claims jobs and turns a model's multiplications into shifts and adds, one decoder block a checkpoint. What it
 * publishes is an artifact with its hash and its metrics.
 */
@NullMarked
package io.shiftadd.quantize;

import org.jspecify.annotations.NullMarked;
