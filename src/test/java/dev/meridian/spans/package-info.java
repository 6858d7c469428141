@NullMarked
package dev.meridian.spans;

import org.jspecify.annotations.NullMarked;
