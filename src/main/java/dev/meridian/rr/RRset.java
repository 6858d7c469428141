package dev.meridian.rr;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The records of one owner and type as a value, for everything off the answer path (RFC 2181 §5).
 * RDATA is in wire form, names in it uncompressed.
 */
public final class RRset {
  private final int type;
  private final long ttl;
  private final List<byte[]> rdata;

  /**
   * @param type 1 to 65535
   * @param ttl seconds, 0 to 2^31-1 (RFC 2181 §8)
   */
  public RRset(int type, long ttl, List<byte[]> rdata) {
    this.type = type;
    this.ttl = ttl;
    this.rdata = new ArrayList<>(rdata);
  }

  public int type() {
    return type;
  }

  /** Seconds. */
  public long ttl() {
    return ttl;
  }

  /** The same records with another TTL. */
  public RRset withTtl(long seconds) {
    return new RRset(type, seconds, rdata);
  }

  /** The same records, those with equal RDATA once. */
  public RRset withoutDuplicates() {
    Map<ByteBuffer, byte[]> distinct = new LinkedHashMap<>();
    rdata.forEach(octets -> distinct.putIfAbsent(ByteBuffer.wrap(octets), octets));
    return distinct.size() == rdata.size()
        ? this
        : new RRset(type, ttl, List.copyOf(distinct.values()));
  }

  /** Whether type, TTL and RDATA are equal, in this order. Two RRsets are not equal by that. */
  public boolean saysTheSameAs(RRset other) {
    boolean same = type == other.type && ttl == other.ttl && size() == other.size();
    for (int i = 0; same && i < size(); i++) {
      same = Arrays.equals(rdata.get(i), other.rdata.get(i));
    }
    return same;
  }

  public int size() {
    return rdata.size();
  }

  /** The RDATA of record {@code i}; not to be changed. */
  public byte[] rdata(int i) {
    return rdata.get(i);
  }
}
