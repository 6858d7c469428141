@NullMarked
package dev.meridian.control;

import org.jspecify.annotations.NullMarked;
