/** Command line: the program's entry point and its tools. */
@NullMarked
package dev.meridian.cli;

import org.jspecify.annotations.NullMarked;
