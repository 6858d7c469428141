/**
 * Files as somebody wrote them: octets that do not change while they are read, YAML with the place
 * of every word, and the problems that are told with their place. What the words mean is said in
 * the packages that follow.
 */
@NullMarked
package dev.meridian.source;

import org.jspecify.annotations.NullMarked;
