/**
 * Text to zones: master files and policy files are read, checked and compiled here, and nowhere
 * else.
 */
@NullMarked
package dev.meridian.load;

import org.jspecify.annotations.NullMarked;
