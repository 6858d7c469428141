/** Tests of what every file is read with. */
@NullMarked
package dev.meridian.source;

import org.jspecify.annotations.NullMarked;
