/**
 * Meridian beside NSD, Knot DNS, BIND and PowerDNS: the same zones, the same queries, and every
 * difference in {@code docs/PEERS.md} with its reason. What is not installed is skipped.
 */
@NullMarked
package dev.meridian.peers;

import org.jspecify.annotations.NullMarked;
