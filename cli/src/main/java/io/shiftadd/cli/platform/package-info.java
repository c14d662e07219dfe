/**
 * The platform as a client sees it: its two HTTP APIs, with the key that the environment holds, and how what takes long
 * is followed on the terminal. The commands that work with models, jobs and conversations are made of this.
 */
@NullMarked
package io.shiftadd.cli.platform;

import org.jspecify.annotations.NullMarked;
