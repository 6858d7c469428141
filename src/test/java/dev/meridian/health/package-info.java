/** Tests of what may be answered. */
@NullMarked
package dev.meridian.health;

import org.jspecify.annotations.NullMarked;
