/** What must hold for any octets that a parser is given; held to it by tests and by fuzzers. */
@NullMarked
package dev.meridian.fuzz;

import org.jspecify.annotations.NullMarked;
