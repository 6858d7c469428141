/** Tests of what is found out about zones before they serve. */
@NullMarked
package dev.meridian.analysis;

import org.jspecify.annotations.NullMarked;
