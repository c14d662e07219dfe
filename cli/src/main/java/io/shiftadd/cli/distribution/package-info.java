/**
 * What is handed to people who have no JDK: one tree with a Java runtime of its own, the services with each library
 * once, the command line, PostgreSQL and a sample; as an archive and as a Debian package.
 */
@NullMarked
package io.shiftadd.cli.distribution;

import org.jspecify.annotations.NullMarked;
