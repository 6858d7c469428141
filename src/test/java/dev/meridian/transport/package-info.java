@NullMarked
package dev.meridian.transport;

import org.jspecify.annotations.NullMarked;
