package dev.meridian.zone;

import dev.meridian.wire.DomainName;
import dev.meridian.wire.LookupName;
import java.util.Arrays;

/**
 * Names numbered from 0 and found by hash: open addressing, and all names in one run of octets.
 * Grows while a zone is built and is only read afterwards.
 *
 * <pre>
 * slot    upper 32 bits: hash | lower 32 bits: number + 1; 0: free
 * </pre>
 *
 * <p>What a search costs is memory that no cache has, one read after the other. The number comes
 * with the slot, so that the processor reads on what belongs to it while the name is still being
 * compared (docs/adr/0036).
 */
final class NameTable {
  private byte[] octets;
  private int octetsEnd;

  /** By number: where the name begins; one more for the end. */
  private int[] offset;

  /** A power of two long, at most half full. */
  private long[] slots;

  private int size;

  NameTable(int expected) {
    int capacity = Math.max(4, expected);
    octets = new byte[capacity * 16];
    offset = new int[capacity + 1];
    slots = new long[slotsFor(capacity)];
  }

  /** A copy of another one, without what growing left over. */
  private NameTable(NameTable of) {
    size = of.size;
    octetsEnd = of.octetsEnd;
    octets = Arrays.copyOf(of.octets, octetsEnd);
    offset = Arrays.copyOf(of.offset, size + 1);
    slots = of.slots.length > slotsFor(size) ? of.resized(slotsFor(size)) : of.slots.clone();
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
    int wanted = spread(name.suffixHash(label));
    int mask = slots.length - 1;
    int at = wanted & mask;
    for (long slot = slots[at]; slot != 0; slot = slots[at]) {
      if (hash(slot) == wanted) {
        int node = (int) slot - 1;
        if (name.suffixEquals(label, octets, offset[node])) {
          return node;
        }
      }
      at = at + 1 & mask;
    }
    return Lookup.NONE;
  }

  private static int spread(long hash) {
    return (int) (hash ^ hash >>> 32);
  }

  private static int hash(long slot) {
    return (int) (slot >>> Integer.SIZE);
  }

  /** Adds a suffix that is known to be absent and returns its number. */
  int add(LookupName name, int label) {
    int length = name.suffixLength(label);
    if (size == offset.length - 1) {
      offset = Arrays.copyOf(offset, size * 2 + 1);
    }
    octets = Growth.withRoom(octets, octetsEnd, length);
    int start = octetsEnd;
    System.arraycopy(name.octets(), name.labelOffset(label), octets, start, length);
    octetsEnd = start + length;
    offset[++size] = octetsEnd;
    if (size * 2 > slots.length) {
      slots = resized(slots.length * 2);
    }
    long hash = spread(name.suffixHash(label));
    insert(slots, hash << Integer.SIZE | size);
    return size - 1;
  }

  /** A slot has all of the hash that a place in a larger or smaller table depends on. */
  private long[] resized(int slotCount) {
    long[] other = new long[slotCount];
    for (long slot : slots) {
      if (slot != 0) {
        insert(other, slot);
      }
    }
    return other;
  }

  private static void insert(long[] slots, long slot) {
    int mask = slots.length - 1;
    int at = hash(slot) & mask;
    while (slots[at] != 0) {
      at = at + 1 & mask;
    }
    slots[at] = slot;
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

  /** A copy that takes no more room than it needs. */
  NameTable trimmed() {
    return new NameTable(this);
  }

  /** Forgets all names and keeps the room for others. */
  void clear() {
    Arrays.fill(slots, 0);
    size = 0;
    octetsEnd = 0;
  }

  /** Takes from a pool what tells only how long the names are. */
  void share(ShapePool pool) {
    offset = pool.shared(offset);
  }
}
