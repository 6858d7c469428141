/** Words for people: why something failed, how many there are, what was meant. */
@NullMarked
package dev.meridian.text;

import org.jspecify.annotations.NullMarked;
