/** Databases of every schema, whole and broken, and what is compiled from them. */
@NullMarked
package dev.meridian.geo;

import org.jspecify.annotations.NullMarked;
