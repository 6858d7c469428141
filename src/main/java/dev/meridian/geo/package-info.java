/**
 * Where a client is: MaxMind-format databases compiled to prefix tables, places, regions,
 * distances.
 */
@NullMarked
package dev.meridian.geo;

import org.jspecify.annotations.NullMarked;
