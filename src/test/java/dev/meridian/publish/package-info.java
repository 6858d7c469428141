/** Tests of how sets are found, judged and kept. */
@NullMarked
package dev.meridian.publish;

import org.jspecify.annotations.NullMarked;
