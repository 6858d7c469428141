package dev.meridian.wire;

import java.util.Arrays;

/**
 * Writes names and numbers to a message, compressing names against all that it wrote before (RFC
 * 1035 §4.1.4). Reused from message to message, owned by one thread, never allocates.
 *
 * <p>Running out of room is a state, not an exception: after {@link #overflowed()} nothing more is
 * written, and {@link #rewind} undoes.
 */
public final class MessageWriter {
  /** Pointers reach only the first 16 KiB. */
  private static final int MAX_POINTER = 0x3FFF;

  private static final int POINTER = 0xC000;

  /** Names of one message that are remembered; more just compress less. */
  private static final int SLOTS = 1024;

  private static final int PROBES = 8;

  private final long[] slotHash = new long[SLOTS];
  private final char[] slotOffset = new char[SLOTS];
  private final int[] slotEpoch = new int[SLOTS];
  private int epoch;

  private final LookupName scratch = new LookupName();
  private byte[] out = new byte[0];
  private int at;
  private int limit;
  private boolean overflowed;

  /** Names behind this offset are not pointed at. */
  private int farthest;

  private boolean template;
  private int[] pointerAt = new int[64];
  private int pointerCount;

  /** A writer that must be {@link #begin begun} before use. */
  public MessageWriter() {}

  /** Starts a message: the next octet goes to {@code at}, none to {@code limit} or beyond. */
  public void begin(byte[] out, int at, int limit) {
    this.out = out;
    this.at = at;
    this.limit = limit;
    overflowed = false;
    farthest = MAX_POINTER;
    template = false;
    pointerCount = 0;
    epoch++;
  }

  /**
   * As {@link #begin}, for a part of a message that will be moved by up to a name's length: notes
   * where it writes pointers, and points at nothing that could move out of their reach. May
   * allocate.
   */
  public void beginTemplate(byte[] out, int at, int limit) {
    begin(out, at, limit);
    template = true;
    farthest = MAX_POINTER - LookupName.MAX_LENGTH;
  }

  /**
   * Makes the question's name known, from label {@code fromLabel} on, so that later names point to
   * it. It lies uncompressed at the end of the header.
   */
  public void knowQuestion(LookupName qname, int fromLabel) {
    know(qname, fromLabel, Header.LENGTH);
  }

  /**
   * Makes a name known that was copied as it is, such as one in RDATA that may not be compressed
   * itself, so that later names point to it.
   *
   * @param offset where it begins
   */
  public void know(LookupName name, int offset) {
    know(name, 0, offset);
  }

  private void know(LookupName name, int fromLabel, int offset) {
    for (int i = fromLabel; i < name.labelCount(); i++) {
      remember(name.suffixHash(i), offset + name.labelOffset(i));
    }
  }

  /** Where the next octet goes. */
  public int position() {
    return at;
  }

  /** Whether something did not fit. */
  public boolean overflowed() {
    return overflowed;
  }

  /** Goes back to an earlier {@link #position()} and forgets the overflow. */
  public void rewind(int position) {
    // names remembered behind the position stay in the table: isAt() sees that they are not there
    at = position;
    overflowed = false;
    while (pointerCount > 0 && pointerAt[pointerCount - 1] >= position) {
      pointerCount--;
    }
  }

  /** Positions of the compression pointers that {@link #name} wrote to a template. */
  public int pointerPosition(int i) {
    return pointerAt[i];
  }

  /** How many pointers {@link #name} wrote to a template. */
  public int pointerCount() {
    return pointerCount;
  }

  /** Writes an uncompressed name found at {@code offset}, compressed, in the case it has there. */
  public void name(byte[] source, int offset) {
    scratch.set(source, offset);
    name(scratch, source, offset);
  }

  /** Writes a name of which the look-up form is at hand. */
  public void name(LookupName name, byte[] source, int offset) {
    int labels = name.labelCount();
    int found = 0;
    int target = -1;
    for (; found < labels; found++) {
      target = find(name, found);
      if (target >= 0) {
        break;
      }
    }
    int literal = name.labelOffset(found);
    if (!reserve(literal + (target >= 0 ? 2 : 1))) {
      return;
    }
    System.arraycopy(source, offset, out, at, literal);
    for (int i = 0; i < found; i++) {
      remember(name.suffixHash(i), at + name.labelOffset(i));
    }
    at += literal;
    if (target >= 0) {
      if (template) {
        notePointer();
      }
      Octets.putShort(out, at, POINTER | target);
      at += 2;
    } else {
      out[at++] = 0;
    }
  }

  private void notePointer() {
    if (pointerCount == pointerAt.length) {
      pointerAt = Arrays.copyOf(pointerAt, pointerCount * 2);
    }
    pointerAt[pointerCount++] = at;
  }

  /** Writes 16 bits. */
  public void putShort(int value) {
    if (reserve(2)) {
      Octets.putShort(out, at, value);
      at += 2;
    }
  }

  /** Writes 32 bits. */
  public void putInt(int value) {
    if (reserve(4)) {
      Octets.putInt(out, at, value);
      at += 4;
    }
  }

  /** Copies octets as they are. */
  public void copy(byte[] source, int offset, int length) {
    if (reserve(length)) {
      System.arraycopy(source, offset, out, at, length);
      at += length;
    }
  }

  /** Overwrites 16 bits written earlier: a count or a length that is known only now. */
  public void patchShort(int position, int value) {
    if (!overflowed) {
      Octets.putShort(out, position, value);
    }
  }

  private boolean reserve(int octets) {
    if (overflowed || at + octets > limit) {
      overflowed = true;
      return false;
    }
    return true;
  }

  private void remember(long hash, int offset) {
    if (offset > farthest) {
      return;
    }
    int slot = slotOf(hash);
    for (int probe = 0; probe < PROBES; probe++, slot = slot + 1 & SLOTS - 1) {
      if (slotEpoch[slot] != epoch) {
        slotEpoch[slot] = epoch;
        slotHash[slot] = hash;
        slotOffset[slot] = (char) offset;
        return;
      }
    }
  }

  private int find(LookupName name, int label) {
    long hash = name.suffixHash(label);
    int slot = slotOf(hash);
    for (int probe = 0; probe < PROBES; probe++, slot = slot + 1 & SLOTS - 1) {
      if (slotEpoch[slot] != epoch) {
        return -1;
      }
      if (slotHash[slot] == hash && slotOffset[slot] < at && isAt(name, label, slotOffset[slot])) {
        return slotOffset[slot];
      }
    }
    return -1;
  }

  private static int slotOf(long hash) {
    return (int) (hash >>> 40) & SLOTS - 1;
  }

  /**
   * Whether the name's suffix really stands at an offset of the message: a stranger chooses the
   * question's name, so equal hashes prove nothing. Our own pointers only ever lead backwards.
   */
  private boolean isAt(LookupName name, int label, int offset) {
    byte[] octets = name.octets();
    int mine = name.labelOffset(label);
    int theirs = offset;
    while (theirs < at) {
      int size = out[theirs];
      if (size < 0) {
        int target = Octets.getShort(out, theirs) & MAX_POINTER;
        if (target >= theirs) {
          return false; // left over from what was rewound: ours lead backwards
        }
        theirs = target;
        continue;
      }
      if (size != octets[mine] || theirs + size >= at) {
        return false;
      }
      if (size == 0) {
        return true;
      }
      for (int i = 1; i <= size; i++) {
        if (LookupName.lowerCase(out[theirs + i]) != octets[mine + i]) {
          return false;
        }
      }
      mine += size + 1;
      theirs += size + 1;
    }
    return false;
  }
}
