/** The API keys that the services ask for off loopback. */
@NullMarked
package io.shiftadd.cli.access;

import org.jspecify.annotations.NullMarked;
