package dev.meridian.policy;

import dev.meridian.rr.EncodedRRset;
import dev.meridian.rr.RRset;
import dev.meridian.rr.ResolvedNames;
import dev.meridian.wire.DomainName;
import dev.meridian.wire.Octets;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The records that the leaves of one routed RRset answer with, encoded one behind the other. Those
 * of external leaves are put in when they are known.
 */
final class Leaves {
  /** More than this could not be answered, not even over TCP. */
  private static final int MAX_OCTETS = 64_000;

  /** Seconds: what others serve may change, and Route 53 has 60 for load balancers. */
  private static final int MAX_EXTERNAL_TTL = 60;

  final byte[] records;
  final int[] recordsAt;
  final List<String> ids;

  /** To which the TTL of each may fall as its checks come near to being down; negative: not. */
  final int[] ttlFloors;

  /** By leaf: the names elsewhere whose addresses external leaves answer with. */
  final Map<Integer, DomainName> external;

  private Leaves(
      byte[] records,
      int[] recordsAt,
      List<String> ids,
      int[] ttlFloors,
      Map<Integer, DomainName> external) {
    this.ttlFloors = ttlFloors;
    this.records = records;
    this.recordsAt = recordsAt;
    this.ids = List.copyOf(ids);
    this.external = Map.copyOf(external);
  }

  /** These leaves with what external names resolve to; of those that are unknown, nothing. */
  Leaves with(ResolvedNames resolved, int type) {
    if (external.isEmpty()) {
      return this;
    }
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    int[] offsets = new int[recordsAt.length];
    for (int leaf = 0; leaf < ids.size(); leaf++) {
      DomainName name = external.get(leaf);
      RRset answer = name == null ? null : resolved.find(name).records(type);
      if (name == null) {
        octets.write(records, recordsAt[leaf], recordsAt[leaf + 1] - recordsAt[leaf]);
      } else if (answer != null) {
        octets.writeBytes(
            EncodedRRset.encode(answer.withTtl(Math.min(MAX_EXTERNAL_TTL, answer.ttl()))));
      }
      offsets[leaf + 1] = octets.size();
    }
    return new Leaves(octets.toByteArray(), offsets, ids, ttlFloors, external);
  }

  int count() {
    return ids.size();
  }

  /** Seconds; of names elsewhere that are unknown: for how long at most they will be answered. */
  int ttl(int leaf) {
    boolean isEmpty = recordsAt[leaf] == recordsAt[leaf + 1];
    return isEmpty
        ? MAX_EXTERNAL_TTL
        : Octets.getInt(records, recordsAt[leaf] + EncodedRRset.TTL_OFFSET);
  }

  /** Collects leaves; numbers them from 0. */
  static final class Builder {
    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
    private final List<Integer> offsets = new ArrayList<>(List.of(0));
    private final List<String> ids = new ArrayList<>();
    private final List<Integer> ttlFloors = new ArrayList<>();
    private final Map<Integer, DomainName> external = new HashMap<>();

    /** Records that are there twice are kept once (RFC 2181 §5). */
    int add(String id, RRset rrset, int ttlFloor) throws PolicyException {
      byte[] encoded = EncodedRRset.encode(rrset.withoutDuplicates());
      if (encoded.length > MAX_OCTETS) {
        throw new PolicyException(
            "the records of " + id + " have more than " + MAX_OCTETS + " octets: no message fits");
      }
      octets.writeBytes(encoded);
      offsets.add(octets.size());
      ids.add(id);
      ttlFloors.add(ttlFloor);
      return ids.size() - 1;
    }

    /** A leaf that answers with the addresses of a name elsewhere. */
    int addExternal(DomainName name) {
      offsets.add(octets.size());
      ids.add(name.toString());
      ttlFloors.add(-1);
      external.put(ids.size() - 1, name);
      return ids.size() - 1;
    }

    Leaves build() {
      return new Leaves(octets.toByteArray(), numbers(offsets), ids, numbers(ttlFloors), external);
    }

    private static int[] numbers(List<Integer> values) {
      return values.stream().mapToInt(Integer::intValue).toArray();
    }
  }
}
