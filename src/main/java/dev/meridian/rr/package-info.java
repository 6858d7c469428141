/**
 * Resource records: types, classes, RDATA layouts and RRsets in the form that is copied to the
 * wire.
 */
@NullMarked
package dev.meridian.rr;

import org.jspecify.annotations.NullMarked;
