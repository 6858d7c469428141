package dev.meridian.zone;

import dev.meridian.rr.EncodedRRset;
import dev.meridian.rr.RRType;
import dev.meridian.rr.RdataLayout;
import dev.meridian.wire.DomainName;
import dev.meridian.wire.LookupName;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;

/** Finds, in a run over a whole layer, the records that lead to some names. */
final class TargetSearch {
  /** By the hash of the name; a hit is confirmed. */
  private final Map<Long, byte[]> targets = new HashMap<>();

  private final BitSet lengths = new BitSet();
  private final LookupName name = new LookupName();

  TargetSearch(Collection<DomainName> names) {
    for (DomainName target : names) {
      name.set(target);
      targets.put(name.suffixHash(0), Arrays.copyOf(name.octets(), name.length()));
      lengths.set(name.length());
    }
  }

  /** Where the name begins in RDATA of a type that leads somewhere. */
  static int octetsBeforeName(int type) {
    return type == RRType.MX || RdataLayout.isServiceBinding(type)
        ? RdataLayout.PRIORITY_LENGTH
        : 0;
  }

  /** Shows the nodes that own such records. */
  void search(Layout layer, IntPredicate types, IntConsumer found) {
    int node = 0;
    for (int rrset = 0; rrset < layer.type.length && !targets.isEmpty(); rrset++) {
      if (types.test(layer.type[rrset])
          && layer.form[rrset] >= Lookup.NONE
          && leads(layer, rrset)) {
        node = nodeOf(layer, rrset, node);
        found.accept(node);
      }
    }
  }

  /** The owner of an RRset: the last node that does not begin behind it and has any. */
  private static int nodeOf(Layout layer, int rrset, int from) {
    int node = from;
    while (layer.firstRRset[node + 1] <= rrset) {
      node++;
    }
    return node;
  }

  private boolean leads(Layout layer, int rrset) {
    int before = EncodedRRset.RDATA_OFFSET + octetsBeforeName(layer.type[rrset]);
    int end = layer.recordsAt[rrset + 1];
    byte[] records = layer.records;
    for (int at = layer.recordsAt[rrset]; at < end; at = EncodedRRset.next(records, at)) {
      if (isTarget(records, at + before)) {
        return true;
      }
    }
    return false;
  }

  private boolean isTarget(byte[] records, int at) {
    int end = at;
    while (records[end] != 0) {
      end += records[end] + 1;
    }
    if (!lengths.get(end + 1 - at)) {
      return false;
    }
    name.set(records, at);
    byte[] target = targets.get(name.suffixHash(0));
    return target != null && name.suffixEquals(0, target, 0);
  }
}
