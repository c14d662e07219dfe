/**
 * The web page of the platform: models, jobs, comparisons, a playground, a chat. Pages are rendered here from rows that
 * are read for them; what they change they change through the platform API, as every other client.
 */
@NullMarked
package io.shiftadd.registry.dashboard;

import org.jspecify.annotations.NullMarked;
