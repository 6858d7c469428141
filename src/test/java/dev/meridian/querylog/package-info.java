@NullMarked
package dev.meridian.querylog;

import org.jspecify.annotations.NullMarked;
