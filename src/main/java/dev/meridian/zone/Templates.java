package dev.meridian.zone;

import dev.meridian.wire.MessageWriter;
import dev.meridian.wire.Octets;
import java.util.Arrays;

/**
 * Ready-made message parts: all that follows the question, with names compressed. A template is
 * made for one length of question name; for another length its pointers move by the difference,
 * which is why their positions are kept.
 */
final class Templates {
  /** A zone without any. */
  static final Templates EMPTY = new Builder().build();

  /** The largest offset that a compressed name can point to. */
  private static final int MAX_POINTER = 0x3FFF;

  private final byte[] octets;
  private final int[] octetsAt;
  private final char[] pointers;
  private final int[] pointersAt;
  private final int[] requiredLength;
  private final char[] counts;

  private Templates(Builder from) {
    octets = Arrays.copyOf(from.octets, from.octetsEnd);
    octetsAt = Arrays.copyOf(from.octetsAt, from.size + 1);
    pointers = Arrays.copyOf(from.pointers, from.pointersEnd);
    pointersAt = Arrays.copyOf(from.pointersAt, from.size + 1);
    requiredLength = Arrays.copyOf(from.requiredLength, from.size);
    counts = Arrays.copyOf(from.counts, from.size * COUNTS);
  }

  /** Numbers kept of a template: answer, authority, additional, required additional, name. */
  private static final int COUNTS = 5;

  /** How many there are. */
  int size() {
    return requiredLength.length;
  }

  int length(int template) {
    return octetsAt[template + 1] - octetsAt[template];
  }

  /** Octets without the optional additional records at the end. */
  int requiredLength(int template) {
    return requiredLength[template];
  }

  int answers(int template) {
    return counts[template * COUNTS];
  }

  int authorities(int template) {
    return counts[template * COUNTS + 1];
  }

  int additionals(int template) {
    return counts[template * COUNTS + 2];
  }

  int requiredAdditionals(int template) {
    return counts[template * COUNTS + 3];
  }

  /**
   * Copies the first {@code length} octets of a template to {@code out[at..]} behind a question
   * whose name has {@code nameLength} octets, and moves its pointers.
   */
  void copyTo(int template, int length, byte[] out, int at, int nameLength) {
    System.arraycopy(octets, octetsAt[template], out, at, length);
    int shift = nameLength - counts[template * COUNTS + 4];
    if (shift != 0) {
      shiftPointers(template, length, out, at, shift);
    }
  }

  private void shiftPointers(int template, int length, byte[] out, int at, int shift) {
    int end = pointersAt[template + 1];
    for (int i = pointersAt[template]; i < end && pointers[i] < length; i++) {
      int position = at + pointers[i];
      Octets.putShort(out, position, Octets.getShort(out, position) + shift);
    }
  }

  /**
   * Copies what is behind the required length to {@code out[at..]}, where the template began at
   * {@code start}. Pointers move with the length of the question's name, and those to names in the
   * copied part also by the gap before it.
   */
  void copyRestTo(int template, byte[] out, int start, int at, int nameLength) {
    int required = requiredLength[template];
    System.arraycopy(octets, octetsAt[template] + required, out, at, length(template) - required);
    int shift = nameLength - counts[template * COUNTS + 4];
    int gap = at - start - required;
    int end = pointersAt[template + 1];
    for (int i = pointersAt[template]; i < end; i++) {
      if (pointers[i] >= required) {
        int position = at + pointers[i] - required;
        int pointer = Octets.getShort(out, position) + shift;
        boolean inside = (pointer & MAX_POINTER) >= start + required;
        Octets.putShort(out, position, inside ? pointer + gap : pointer);
      }
    }
  }

  /** Collects templates; numbers them from 0. */
  static final class Builder {
    private byte[] octets = new byte[256];
    private int octetsEnd;
    private int[] octetsAt = new int[8];
    private char[] pointers = new char[64];
    private int pointersEnd;
    private int[] pointersAt = new int[8];
    private int[] requiredLength = new int[8];
    private char[] counts = new char[8 * COUNTS];
    private int size;

    /**
     * Takes what was written from {@code start} to the writer's position. The pointers that the
     * writer made move with the length of the question's name.
     */
    int add(
        byte[] message,
        int start,
        MessageWriter writer,
        int nameLength,
        int answers,
        int authorities,
        int additionals,
        int requiredAdditionals,
        int requiredEnd) {
      grow(writer.position() - start, writer.pointerCount());
      System.arraycopy(message, start, octets, octetsEnd, writer.position() - start);
      octetsEnd += writer.position() - start;
      for (int i = 0; i < writer.pointerCount(); i++) {
        pointers[pointersEnd++] = (char) (writer.pointerPosition(i) - start);
      }
      requiredLength[size] = requiredEnd - start;
      int at = size * COUNTS;
      counts[at] = (char) answers;
      counts[at + 1] = (char) authorities;
      counts[at + 2] = (char) additionals;
      counts[at + 3] = (char) requiredAdditionals;
      counts[at + 4] = (char) nameLength;
      size++;
      octetsAt[size] = octetsEnd;
      pointersAt[size] = pointersEnd;
      return size - 1;
    }

    private void grow(int moreOctets, int morePointers) {
      if (octetsEnd + moreOctets > octets.length) {
        octets = Arrays.copyOf(octets, grown((long) octetsEnd + moreOctets));
      }
      if (pointersEnd + morePointers > pointers.length) {
        pointers = Arrays.copyOf(pointers, grown((long) pointersEnd + morePointers));
      }
      if (size + 2 > octetsAt.length) {
        int capacity = octetsAt.length * 2;
        octetsAt = Arrays.copyOf(octetsAt, capacity);
        pointersAt = Arrays.copyOf(pointersAt, capacity);
        requiredLength = Arrays.copyOf(requiredLength, capacity);
        counts = Arrays.copyOf(counts, capacity * COUNTS);
      }
    }

    private static int grown(long needed) {
      return (int) Math.min(Integer.MAX_VALUE - 8, needed + (needed >> 1));
    }

    Templates build() {
      return new Templates(this);
    }
  }
}
