/** Tests of how servers talk of health. */
@NullMarked
package dev.meridian.vote;

import org.jspecify.annotations.NullMarked;
