/**
 * Asks other resolvers for the addresses of names that are not served here, in the background, and
 * keeps what they last said. {@link dev.meridian.resolver.Resolver} is all that others need.
 */
@NullMarked
package dev.meridian.resolver;

import org.jspecify.annotations.NullMarked;
