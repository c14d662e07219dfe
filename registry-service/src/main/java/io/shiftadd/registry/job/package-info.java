/**
 * Jobs: their submission, life and history as clients see them. Workers claim and advance them in the same tables;
 * which changes of state are legal is written here once more, and enforced by the database.
 */
@NullMarked
package io.shiftadd.registry.job;

import org.jspecify.annotations.NullMarked;
