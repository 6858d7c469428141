/** Tests of the loader. */
@NullMarked
package dev.meridian.load;

import org.jspecify.annotations.NullMarked;
