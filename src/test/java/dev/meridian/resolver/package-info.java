/** Tests of the resolver of names that others serve. */
@org.jspecify.annotations.NullMarked
package dev.meridian.resolver;
