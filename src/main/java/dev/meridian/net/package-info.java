/**
 * IP addresses as text and numbers, prefixes, and the partition of the address space that they
 * make.
 */
@NullMarked
package dev.meridian.net;

import org.jspecify.annotations.NullMarked;
