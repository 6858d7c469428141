/** Tests of words for people. */
@NullMarked
package dev.meridian.text;

import org.jspecify.annotations.NullMarked;
