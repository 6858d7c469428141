/** One query in, one response out. */
@NullMarked
package dev.meridian.answer;

import org.jspecify.annotations.NullMarked;
