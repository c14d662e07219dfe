/**
 * The system of record for models and jobs. It owns their tables, offers the platform API and shows the dashboard.
 */
@NullMarked
package io.shiftadd.registry;

import org.jspecify.annotations.NullMarked;
