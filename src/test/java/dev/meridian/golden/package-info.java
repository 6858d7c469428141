/**
 * The answers of the whole server, sockets included, held against what the standards and Route 53's
 * rules say. The cases are text: see {@code src/test/resources/cases/README.md}.
 */
@NullMarked
package dev.meridian.golden;

import org.jspecify.annotations.NullMarked;
