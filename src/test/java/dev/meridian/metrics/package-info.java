@NullMarked
package dev.meridian.metrics;

import org.jspecify.annotations.NullMarked;
