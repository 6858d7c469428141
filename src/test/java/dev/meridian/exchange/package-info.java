/** Tests of import and export of Route 53's JSON. */
@NullMarked
package dev.meridian.exchange;

import org.jspecify.annotations.NullMarked;
