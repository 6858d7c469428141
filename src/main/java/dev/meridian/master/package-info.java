/**
 * Zone files: the master file format of RFC 1035 §5 with the extensions of BIND, read record by
 * record and written again.
 */
@NullMarked
package dev.meridian.master;

import org.jspecify.annotations.NullMarked;
