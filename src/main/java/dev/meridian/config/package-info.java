/** Server configuration: flags and file, to one immutable value. */
@NullMarked
package dev.meridian.config;

import org.jspecify.annotations.NullMarked;
