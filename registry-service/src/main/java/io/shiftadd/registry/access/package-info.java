/**
 * Who may use the registry and who did what: API keys, the filters that ask for them, request ids, and the audit log of
 * changes.
 */
@NullMarked
package io.shiftadd.registry.access;

import org.jspecify.annotations.NullMarked;
