package dev.meridian.master;

import java.util.Arrays;

/**
 * Remembers, for names with so many records that they are not looked through, the TTL and the size
 * of every RRset and a hash of every record: flat hash tables with linear probing, 16 octets an
 * RRset and 8 a record before slack. A hit of a record's hash is for the caller to confirm.
 */
final class RRsetIndex {
  private static final long MULTIPLIER = 0xD6E8FEB86659FD93L;
  private static final int FIRST_CAPACITY = 1 << 4;

  private long[] keys = {};
  private int[] ttls = {};
  private int[] octets = {};
  private int size;

  private long[] records = {};
  private int recordCount;

  /**
   * The place of an RRset, made now if it is new; valid until the next call.
   *
   * @param node of its owner
   */
  int slot(int node, int type) {
    if (size * 2 >= keys.length) {
      growRRsets();
    }
    long key = (node + 1L) << 16 | type; // never 0, which marks a free place
    int slot = probe(keys, key);
    if (keys[slot] == 0) {
      keys[slot] = key;
      size++;
    }
    return slot;
  }

  /** Whether no record has been counted in. */
  boolean isNew(int slot) {
    return octets[slot] == 0;
  }

  /** Counts a record in and returns the octets of the RRset so far. */
  int grow(int slot, int recordOctets) {
    octets[slot] += recordOctets;
    return octets[slot];
  }

  int ttl(int slot) {
    return ttls[slot];
  }

  void ttl(int slot, int ttl) {
    ttls[slot] = ttl;
  }

  /** Notes a record of the RRset; false if one with the same hash was there already. */
  boolean addRecord(int slot, byte[] rdata) {
    if (recordCount * 2 >= records.length) {
      growRecords();
    }
    long key = hash(rdata, keys[slot]);
    int at = probe(records, key);
    boolean added = records[at] == 0;
    if (added) {
      records[at] = key;
      recordCount++;
    }
    return added;
  }

  private static int probe(long[] table, long key) {
    int mask = table.length - 1;
    long spread = key * MULTIPLIER;
    int at = (int) (spread ^ spread >>> 32) & mask;
    while (table[at] != 0 && table[at] != key) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private static long hash(byte[] rdata, long seed) {
    long hash = seed;
    for (byte octet : rdata) {
      hash = (hash ^ octet) * MULTIPLIER;
      hash ^= hash >>> 32;
    }
    return hash == 0 ? 1 : hash;
  }

  private void growRRsets() {
    long[] oldKeys = keys;
    int[] oldTtls = ttls;
    int[] oldOctets = octets;
    keys = new long[Math.max(FIRST_CAPACITY, oldKeys.length * 2)];
    ttls = new int[keys.length];
    octets = new int[keys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int slot = probe(keys, oldKeys[i]);
        keys[slot] = oldKeys[i];
        ttls[slot] = oldTtls[i];
        octets[slot] = oldOctets[i];
      }
    }
  }

  private void growRecords() {
    long[] old = Arrays.copyOf(records, records.length);
    records = new long[Math.max(FIRST_CAPACITY, old.length * 2)];
    for (long key : old) {
      if (key != 0) {
        records[probe(records, key)] = key;
      }
    }
  }
}
