/** The command line: what {@code meridian --help} lists, one class for each command. */
@NullMarked
package dev.meridian.cli;

import org.jspecify.annotations.NullMarked;
