package dev.meridian.policy;

import dev.meridian.rr.EncodedRRset;
import dev.meridian.rr.RRset;
import dev.meridian.wire.Octets;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** The records that the leaves of one routed RRset answer with, encoded one behind the other. */
final class Leaves {
  /** More than this could not be answered, not even over TCP. */
  private static final int MAX_OCTETS = 64_000;

  final byte[] records;
  final int[] recordsAt;
  final List<String> ids;

  /** To which the TTL of each may fall as its checks come near to being down; negative: not. */
  final int[] ttlFloors;

  private Leaves(byte[] records, int[] recordsAt, List<String> ids, int[] ttlFloors) {
    this.ttlFloors = ttlFloors;
    this.records = records;
    this.recordsAt = recordsAt;
    this.ids = List.copyOf(ids);
  }

  int count() {
    return ids.size();
  }

  /** Seconds. */
  int ttl(int leaf) {
    return Octets.getInt(records, recordsAt[leaf] + EncodedRRset.TTL_OFFSET);
  }

  /** Collects leaves; numbers them from 0. */
  static final class Builder {
    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
    private final List<Integer> offsets = new ArrayList<>(List.of(0));
    private final List<String> ids = new ArrayList<>();
    private final List<Integer> ttlFloors = new ArrayList<>();

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

    Leaves build() {
      return new Leaves(
          octets.toByteArray(),
          offsets.stream().mapToInt(Integer::intValue).toArray(),
          ids,
          ttlFloors.stream().mapToInt(Integer::intValue).toArray());
    }
  }
}
