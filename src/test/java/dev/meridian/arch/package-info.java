/** Rules about the code itself. */
@NullMarked
package dev.meridian.arch;

import org.jspecify.annotations.NullMarked;
