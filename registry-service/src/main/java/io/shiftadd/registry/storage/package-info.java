/**
 * Files that the registry may touch: paths from requests are held inside the allowed roots, and every file is known
 * by its SHA-256.
 */
@NullMarked
package io.shiftadd.registry.storage;

import org.jspecify.annotations.NullMarked;
