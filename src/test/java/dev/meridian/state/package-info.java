/** Tests of what is kept over a restart. */
@NullMarked
package dev.meridian.state;

import org.jspecify.annotations.NullMarked;
