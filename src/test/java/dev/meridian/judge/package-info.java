/**
 * A judge of Route 53 zones: what Route 53's documentation says of a listing, worked out from its
 * JSON alone, against what the server answers over the wire. Nothing here knows how Meridian reads
 * or compiles a zone.
 */
@NullMarked
package dev.meridian.judge;

import org.jspecify.annotations.NullMarked;
