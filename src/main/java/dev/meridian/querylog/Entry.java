package dev.meridian.querylog;

import dev.meridian.answer.QueryRecord;
import dev.meridian.net.Prefix;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A record of a ring as it may be written down.
 *
 * @param record good until the ring has it back
 * @param at when it was answered, by the clock on the wall
 * @param source of the query; with fewer bits than it has, if whole addresses are not to be noted
 * @param subnet the same of its client subnet
 */
record Entry(QueryRecord record, Instant at, Prefix source, @Nullable Prefix subnet) {
  /** Networks that stand for their addresses, as resolvers cut client subnets (RFC 7871 §11.1). */
  private static final int IPV4_NETWORK = 24;

  private static final int IPV6_NETWORK = 56;

  static Entry of(QueryRecord record, Instant at, boolean wholeAddresses) {
    Prefix subnet = record.subnet();
    return wholeAddresses
        ? new Entry(record, at, record.source(), subnet)
        : new Entry(record, at, cut(record.source()), subnet == null ? null : cut(subnet));
  }

  private static Prefix cut(Prefix whole) {
    int length = Math.min(whole.length(), whole.ipv4() ? IPV4_NETWORK : IPV6_NETWORK);
    return new Prefix(whole.ipv4(), whole.high(), whole.low(), length);
  }
}
