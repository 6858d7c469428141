/**
 * The zone tree in flat arrays and the look-up algorithm of RFC 1034 section 4.3.2 and RFC 4592.
 */
@NullMarked
package dev.meridian.zone;

import org.jspecify.annotations.NullMarked;
