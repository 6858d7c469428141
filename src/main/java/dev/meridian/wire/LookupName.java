package dev.meridian.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A domain name made ready for look-up: lower-cased, split into labels, with a hash for every
 * suffix. Reused from query to query and owned by one thread.
 *
 * <p>The hash of a name is built from the root down, label by label: {@code h(label.parent) =
 * mix(h(parent), label)}. One pass therefore yields the hashes of the name and of each ancestor,
 * for the search of the zone and of the closest encloser.
 */
public final class LookupName {
  /** RFC 1035 §3.1: a name is at most 255 octets, length octets and root included. */
  public static final int MAX_LENGTH = 255;

  /** A name of 255 octets has at most 127 labels and the root. */
  public static final int MAX_LABELS = 127;

  /** The hash of the root, from which all others grow. */
  public static final long ROOT_HASH = 0x9E3779B97F4A7C15L;

  private static final long MULTIPLIER = 0xD6E8FEB86659FD93L;
  private static final int WORD = Long.BYTES;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Room behind the longest name, so that the last word can be read and written whole. */
  private final byte[] octets = new byte[MAX_LENGTH + 1 + WORD];

  private final int[] labelOffset = new int[MAX_LABELS + 1];
  private final long[] suffixHash = new long[MAX_LABELS + 1];
  private int labelCount;
  private int length;

  /** An empty holder; it stands for the root until something is read into it. */
  public LookupName() {
    length = 1;
    suffixHash[0] = ROOT_HASH;
  }

  /**
   * Takes the uncompressed name at {@code offset}. RFC 9619 and common practice: a compression
   * pointer in a question has nothing to point at, so it is malformed here.
   *
   * @param limit end of the readable octets
   * @return the octets that the name takes, or -1 if it is malformed or runs past {@code limit}
   */
  public int read(byte[] source, int offset, int limit) {
    int labels = 0;
    int at = offset;
    int stop = Math.min(limit, offset + MAX_LENGTH);
    while (true) {
      if (at >= stop) {
        return -1;
      }
      int size = source[at];
      labelOffset[labels] = at - offset;
      if (size == 0) {
        break;
      }
      if (size < 0 || size > 63) { // RFC 1035 §4.1.4 pointers and the retired 01/10 label types
        return -1;
      }
      at += size + 1;
      labels++;
    }
    length = at + 1 - offset;
    labelCount = labels;
    lowerCase(source, offset);
    hashSuffixes();
    return length;
  }

  /**
   * Passes over a name in a message; a pointer, where one may be, ends it and is not followed.
   *
   * @return the offset behind it, or -1 if it is malformed or runs past {@code limit}
   */
  static int skip(byte[] message, int from, int limit, boolean compressed) {
    int at = from;
    while (at < limit) {
      int size = message[at];
      if (size == 0) {
        return at + 1;
      }
      if (size < 0) {
        return compressed && (size & 0xC0) == 0xC0 && at + 2 <= limit ? at + 2 : -1;
      }
      if (size > 63 || at - from > MAX_LENGTH) {
        return -1;
      }
      at += size + 1;
    }
    return -1;
  }

  /** Takes a name that is known to be well formed, for instance one kept in a zone. */
  public void set(byte[] source, int offset) {
    int taken = read(source, offset, source.length);
    assert taken > 0;
  }

  /** Takes a name that is well formed because it is one. */
  public void set(DomainName name) {
    set(name.wire(), 0);
  }

  private void lowerCase(byte[] source, int offset) {
    int at = 0;
    int whole = Math.min(length, source.length - offset - (WORD - 1));
    for (; at < whole; at += WORD) {
      LONGS.set(octets, at, lowerCase((long) LONGS.get(source, offset + at)));
    }
    for (; at < length; at++) {
      octets[at] = lowerCase(source[offset + at]);
    }
  }

  /** ASCII lower case of eight octets at once (RFC 4343: only A-Z fold). */
  static long lowerCase(long word) {
    long heptets = word & 0x7F7F7F7F7F7F7F7FL;
    long aboveZ = heptets + 0x2525252525252525L; // bit 7 set where octet > 'Z'
    long fromA = heptets + 0x3F3F3F3F3F3F3F3FL; // bit 7 set where octet >= 'A'
    long upper = (fromA ^ aboveZ) & ~word & 0x8080808080808080L;
    return word | (upper >>> 2);
  }

  static byte lowerCase(byte octet) {
    return octet >= 'A' && octet <= 'Z' ? (byte) (octet + ('a' - 'A')) : octet;
  }

  private void hashSuffixes() {
    long hash = ROOT_HASH;
    suffixHash[labelCount] = hash;
    for (int i = labelCount - 1; i >= 0; i--) {
      int from = labelOffset[i];
      hash = mix(hash, octets, from, octets[from] + 1);
      suffixHash[i] = hash;
    }
  }

  /**
   * One step of the hash: the label of {@code size} octets (length octet included) above a parent.
   */
  private static long mix(long parent, byte[] octets, int from, int size) {
    long hash = parent;
    int left = size;
    int at = from;
    for (; left > WORD; left -= WORD, at += WORD) {
      hash = (hash ^ (long) LONGS.get(octets, at)) * MULTIPLIER;
      hash ^= hash >>> 32;
    }
    long tail = (long) LONGS.get(octets, at) & (-1L >>> ((WORD - left) << 3));
    hash = (hash ^ tail) * MULTIPLIER;
    return hash ^ (hash >>> 29);
  }

  /** Labels without the root: 0 for the root itself, at most {@link #MAX_LABELS}. */
  public int labelCount() {
    return labelCount;
  }

  /** Octets of the whole name, the root's included. */
  public int length() {
    return length;
  }

  /**
   * Octets of the suffix that begins at label {@code i}; label {@link #labelCount()} is the root.
   */
  public int suffixLength(int i) {
    return length - labelOffset[i];
  }

  /** Where label {@code i} begins in {@link #octets()}. */
  public int labelOffset(int i) {
    return labelOffset[i];
  }

  /** The hash of the suffix that begins at label {@code i}. */
  public long suffixHash(int i) {
    return suffixHash[i];
  }

  /** The lower-cased octets; valid up to {@link #length()}. For reading only. */
  public byte[] octets() {
    return octets;
  }

  /**
   * Whether the suffix from label {@code i} is the (lower-case) name that begins at {@code offset}.
   * No name is the beginning of another, so that nobody has to say how long the stored one is.
   */
  public boolean suffixEquals(int i, byte[] stored, int offset) {
    int from = labelOffset[i];
    int end = offset + length - from;
    return end <= stored.length && Arrays.equals(octets, from, length, stored, offset, end);
  }

  /** Presentation format, lower-cased. */
  @Override
  public String toString() {
    return DomainName.ofWire(octets, 0).toString();
  }
}
