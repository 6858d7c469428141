/** What zones would do: tests of routing, comparisons of two sets, and whether to publish one. */
@NullMarked
package dev.meridian.analysis;

import org.jspecify.annotations.NullMarked;
