/** Laws of prefixes and of the partitions that they make. */
@NullMarked
package dev.meridian.net;

import org.jspecify.annotations.NullMarked;
