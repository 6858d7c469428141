/** Tests of how sets are found, judged and kept. */
@NullMarked
package dev.meridian.text;

import org.jspecify.annotations.NullMarked;
