/**
 * Octets: reads and writes DNS messages in place, on plain byte arrays. Nothing here allocates per
 * message, throws on bad input, or knows what a zone is.
 */
@NullMarked
package dev.meridian.wire;

import org.jspecify.annotations.NullMarked;
