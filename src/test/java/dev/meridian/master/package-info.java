/** Tests of how zone files are written. */
@NullMarked
package dev.meridian.master;

import org.jspecify.annotations.NullMarked;
