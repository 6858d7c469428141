package dev.meridian.answer;

import dev.meridian.net.ClientAddress;
import dev.meridian.policy.Decisions;
import dev.meridian.policy.PolicyEngine;
import dev.meridian.policy.RoutedRRset;
import dev.meridian.policy.Selection;
import dev.meridian.rr.EncodedRRset;
import dev.meridian.wire.Edns;
import dev.meridian.wire.Octets;
import dev.meridian.wire.QueryReader;
import dev.meridian.zone.Zone;
import java.util.Arrays;

/** Lets a policy choose and writes what it chose. */
final class RoutedAnswer {
  private RoutedAnswer() {}

  /**
   * Chooses; the result is in the context's selection.
   *
   * @return whether there is anything to answer
   */
  static boolean select(QueryContext context, ServerState state, int zone, int routed) {
    RoutedRRset rrset = state.zones().get(zone).routed(routed);
    Selection selection = context.selection;
    context.stats().count(Counter.ROUTED);
    context.routedZone = zone;
    context.routed = routed;
    place(context);
    PolicyEngine.select(
        rrset, state.decisions(zone, routed), context.client, context.dice, selection);
    context.stats().countChoice(state.choices().of(zone, routed), selection);
    // on a chain through several policies the most specific scope holds
    context.scopeLength = Math.max(context.scopeLength, selection.scopeLength());
    return selection.size() > 0;
  }

  /** Client subnet before source address; a client subnet of length 0 says nothing (RFC 7871). */
  private static void place(QueryContext context) {
    QueryReader query = context.query;
    ClientAddress client = context.client;
    if (query.hasClientSubnet() && query.subnetSourceLength() > 0) {
      if (query.subnetFamily() == Edns.FAMILY_IPV4) {
        client.setIpv4((int) (query.subnetHigh() >>> 32), query.subnetSourceLength());
      } else {
        client.setIpv6(query.subnetHigh(), query.subnetLow(), query.subnetSourceLength());
      }
    } else {
      client.set(context.source());
    }
  }

  /**
   * NODATA because nothing is healthy: no cache keeps it for longer than it would the records, for
   * they may be back any moment.
   */
  static void writeWithheld(QueryContext context, Zone zone) {
    zone.writeNegative(context.writer, context.owner, context.selection.ttl());
    context.authorities = 1;
  }

  /** Where chosen records go. */
  @FunctionalInterface
  interface Sink {
    /**
     * Takes the record at {@code at..next}.
     *
     * @param ttl to be written instead of the record's own
     * @return whether there was room
     */
    boolean put(QueryContext context, byte[] records, int at, int next, int ttl);
  }

  /** Writes the chosen records behind the question. */
  static void write(QueryContext context, Decisions decisions) {
    if (!write(context, decisions, RoutedAnswer::copy)) {
      context.truncate();
    }
  }

  /**
   * Hands the chosen records to {@code sink}, those of each leaf in random rotation, and what two
   * leaves share only once: endpoints may have the same address.
   *
   * @return whether there was room for all
   */
  static boolean write(QueryContext context, Decisions decisions, Sink sink) {
    int ttl = context.selection.ttl();
    for (int i = 0; i < context.selection.size(); i++) {
      int leaf = context.selection.leaf(i);
      int from = decisions.recordsAt(leaf);
      int to = decisions.recordsAt(leaf + 1);
      int start = rotation(context, decisions.records(), from, to);
      if (!write(context, decisions, i, start, to, ttl, sink)
          || !write(context, decisions, i, from, start, ttl, sink)) {
        return false;
      }
    }
    return true;
  }

  private static boolean write(
      QueryContext context, Decisions decisions, int i, int from, int to, int ttl, Sink sink) {
    byte[] records = decisions.records();
    for (int at = from; at < to; ) {
      int next = EncodedRRset.next(records, at);
      if (!isShared(context.selection, decisions, i, at, next)) {
        if (!sink.put(context, records, at, next, ttl)) {
          return false;
        }
        context.answers++;
      }
      at = next;
    }
    return true;
  }

  /** Whether an earlier choice than {@code i} has a record with the same RDATA. */
  private static boolean isShared(
      Selection selection, Decisions decisions, int i, int from, int to) {
    byte[] records = decisions.records();
    int rdata = EncodedRRset.RDATA_OFFSET;
    for (int j = 0; j < i; j++) {
      int end = decisions.recordsAt(selection.leaf(j) + 1);
      for (int at = decisions.recordsAt(selection.leaf(j)); at < end; ) {
        int next = EncodedRRset.next(records, at);
        if (Arrays.equals(records, at + rdata, next, records, from + rdata, to)) {
          return true;
        }
        at = next;
      }
    }
    return false;
  }

  /** Where to begin among the records of a leaf: any of them, with equal chance. */
  private static int rotation(QueryContext context, byte[] records, int from, int to) {
    int at = EncodedRRset.next(records, from);
    if (at == to) {
      return from;
    }
    int count = 1;
    for (; at < to; at = EncodedRRset.next(records, at)) {
      count++;
    }
    int start = from;
    for (long skip = context.dice.below(count); skip > 0; skip--) {
      start = EncodedRRset.next(records, start);
    }
    return start;
  }

  private static boolean copy(QueryContext context, byte[] records, int at, int next, int ttl) {
    int length = next - at;
    if (context.end + length > context.limit) {
      return false;
    }
    byte[] out = context.response();
    System.arraycopy(records, at, out, context.end, length);
    Octets.putInt(out, context.end + EncodedRRset.TTL_OFFSET, ttl);
    context.end += length;
    return true;
  }
}
