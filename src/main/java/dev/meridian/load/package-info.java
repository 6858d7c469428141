/**
 * A folder to zones: its files are found, read, checked together and compiled; what has not changed
 * since the last time is not read again.
 */
@NullMarked
package dev.meridian.load;

import org.jspecify.annotations.NullMarked;
