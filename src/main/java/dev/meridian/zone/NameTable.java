package dev.meridian.zone;

import dev.meridian.wire.DomainName;
import dev.meridian.wire.LookupName;
import java.util.Arrays;

/**
 * Names numbered from 0 and found by hash: open addressing over flat arrays, names in one run of
 * octets. Grows while a zone is built and is only read afterwards.
 */
final class NameTable {
  /** The longest array that virtual machines make. */
  private static final int MAX_OCTETS = Integer.MAX_VALUE - 8;

  private byte[] octets;
  private int octetsEnd;
  private int[] offset;
  private long[] hash;

  /** Node number + 1; 0 is free. A power of two long, at most half full. */
  private int[] slots;

  private int size;

  NameTable(int expected) {
    int capacity = Math.max(4, expected);
    octets = new byte[capacity * 16];
    offset = new int[capacity + 1];
    hash = new long[capacity];
    slots = new int[slotsFor(capacity)];
  }

  /** A power of two, at least twice as many. */
  private static int slotsFor(int names) {
    return Integer.highestOneBit(Math.max(2, names) - 1) * 4;
  }

  int size() {
    return size;
  }

  /** The number of the suffix that begins at label {@code label}, or {@link Lookup#NONE}. */
  int find(LookupName name, int label) {
    long wanted = name.suffixHash(label);
    int mask = slots.length - 1;
    for (int slot = spread(wanted) & mask; slots[slot] != 0; slot = slot + 1 & mask) {
      int node = slots[slot] - 1;
      if (hash[node] == wanted
          && name.suffixEquals(label, octets, offset[node], offset[node + 1] - offset[node])) {
        return node;
      }
    }
    return Lookup.NONE;
  }

  private static int spread(long hash) {
    return (int) (hash ^ hash >>> 32);
  }

  /** Adds a suffix that is known to be absent and returns its number. */
  int add(LookupName name, int label) {
    int length = name.suffixLength(label);
    if (size == hash.length) {
      hash = Arrays.copyOf(hash, size * 2);
      offset = Arrays.copyOf(offset, size * 2 + 1);
    }
    if (length > octets.length - octetsEnd) {
      octets = Arrays.copyOf(octets, grown(octetsEnd, length));
    }
    System.arraycopy(name.octets(), name.labelOffset(label), octets, octetsEnd, length);
    hash[size] = name.suffixHash(label);
    octetsEnd += length;
    offset[++size] = octetsEnd;
    if (size * 2 > slots.length) {
      hashAll(slots.length * 2);
    } else {
      insert(size - 1);
    }
    return size - 1;
  }

  private void hashAll(int slotCount) {
    slots = new int[slotCount];
    for (int node = 0; node < size; node++) {
      insert(node);
    }
  }

  /**
   * The capacity for {@code more} octets behind {@code used}: half as much again where that can be.
   *
   * @throws IllegalStateException if no array is that long
   */
  static int grown(int used, int more) {
    long needed = (long) used + more;
    if (needed > MAX_OCTETS) {
      throw new IllegalStateException("names of more than " + MAX_OCTETS + " octets");
    }
    return (int) Math.min(MAX_OCTETS, Math.max(needed, used + used / 2L));
  }

  private void insert(int node) {
    int mask = slots.length - 1;
    int slot = spread(hash[node]) & mask;
    while (slots[slot] != 0) {
      slot = slot + 1 & mask;
    }
    slots[slot] = node + 1;
  }

  /** Where the name of a node begins in {@link #octets()}. */
  int offset(int node) {
    return offset[node];
  }

  /** How long all names are together. */
  int octetCount() {
    return octetsEnd;
  }

  int length(int node) {
    return offset[node + 1] - offset[node];
  }

  byte[] octets() {
    return octets;
  }

  DomainName name(int node) {
    return DomainName.ofWire(octets, offset[node]);
  }

  /** Whether the first label is a single asterisk. */
  boolean isAsterisk(int node) {
    int at = offset[node];
    return octets[at] == 1 && octets[at + 1] == '*';
  }

  /** Gives back what growing left over. */
  void trim() {
    octets = Arrays.copyOf(octets, octetsEnd);
    offset = Arrays.copyOf(offset, size + 1);
    hash = Arrays.copyOf(hash, size);
    if (slots.length > slotsFor(size)) {
      hashAll(slotsFor(size));
    }
  }
}
