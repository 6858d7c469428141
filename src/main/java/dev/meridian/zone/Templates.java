package dev.meridian.zone;

import dev.meridian.wire.MessageWriter;
import dev.meridian.wire.Octets;
import java.util.Arrays;

/**
 * Ready-made message parts: all that follows the question, with names compressed. A template is
 * made for one length of question name; for another length its pointers move by the difference,
 * which is why their positions are kept.
 *
 * <p>The number of a template is where it begins in the one run of octets that they all stand in,
 * so that whoever has the number has all of it in a line or two of memory:
 *
 * <pre>
 * header      eight numbers of 16 bits, see below
 * octets      what is copied
 * pointers    16 bits each: where in the octets there is one
 * </pre>
 */
final class Templates {
  /** A zone without any. */
  static final Templates EMPTY = new Templates(new byte[0]);

  /** The largest offset that a compressed name can point to. */
  private static final int MAX_POINTER = 0x3FFF;

  private static final int LENGTH = 0;
  private static final int REQUIRED_LENGTH = 2;
  private static final int ANSWERS = 4;
  private static final int AUTHORITIES = 6;
  private static final int ADDITIONALS = 8;
  private static final int REQUIRED_ADDITIONALS = 10;
  private static final int NAME_LENGTH = 12;
  private static final int POINTERS = 14;
  private static final int HEADER = 16;

  private final byte[] octets;

  private Templates(byte[] octets) {
    this.octets = octets;
  }

  /** The number behind the last one. */
  int end() {
    return octets.length;
  }

  int length(int template) {
    return Octets.getShort(octets, template + LENGTH);
  }

  /** Octets without the optional additional records at the end. */
  int requiredLength(int template) {
    return Octets.getShort(octets, template + REQUIRED_LENGTH);
  }

  int answers(int template) {
    return Octets.getShort(octets, template + ANSWERS);
  }

  int authorities(int template) {
    return Octets.getShort(octets, template + AUTHORITIES);
  }

  int additionals(int template) {
    return Octets.getShort(octets, template + ADDITIONALS);
  }

  int requiredAdditionals(int template) {
    return Octets.getShort(octets, template + REQUIRED_ADDITIONALS);
  }

  /** By how much a question whose name has so many octets moves what follows it. */
  private int shift(int template, int nameLength) {
    return nameLength - Octets.getShort(octets, template + NAME_LENGTH);
  }

  private int pointersAt(int template) {
    return template + HEADER + length(template);
  }

  private int pointersEnd(int template) {
    return pointersAt(template) + Short.BYTES * Octets.getShort(octets, template + POINTERS);
  }

  /**
   * Copies the first {@code length} octets of a template to {@code out[at..]} behind a question
   * whose name has {@code nameLength} octets, and moves its pointers.
   */
  void copyTo(int template, int length, byte[] out, int at, int nameLength) {
    System.arraycopy(octets, template + HEADER, out, at, length);
    int shift = shift(template, nameLength);
    if (shift != 0) {
      shiftPointers(template, length, out, at, shift);
    }
  }

  private void shiftPointers(int template, int length, byte[] out, int at, int shift) {
    int end = pointersEnd(template);
    for (int i = pointersAt(template); i < end; i += Short.BYTES) {
      int pointer = Octets.getShort(octets, i);
      if (pointer >= length) {
        return; // they stand in order
      }
      int position = at + pointer;
      Octets.putShort(out, position, Octets.getShort(out, position) + shift);
    }
  }

  /**
   * Copies what is behind the required length to {@code out[at..]}, where the template began at
   * {@code start}. Pointers move with the length of the question's name, and those to names in the
   * copied part also by the gap before it.
   */
  void copyRestTo(int template, byte[] out, int start, int at, int nameLength) {
    int required = requiredLength(template);
    int length = length(template) - required;
    System.arraycopy(octets, template + HEADER + required, out, at, length);
    int shift = shift(template, nameLength);
    int gap = at - start - required;
    int end = pointersEnd(template);
    for (int i = pointersAt(template); i < end; i += Short.BYTES) {
      int position = Octets.getShort(octets, i) - required;
      if (position >= 0) {
        int pointer = Octets.getShort(out, at + position) + shift;
        boolean inside = (pointer & MAX_POINTER) >= start + required;
        Octets.putShort(out, at + position, inside ? pointer + gap : pointer);
      }
    }
  }

  /**
   * How many records are in each section.
   *
   * @param additionals with the required ones
   * @param requiredAdditionals those that may not be left out, which come first
   */
  record Counts(int answers, int authorities, int additionals, int requiredAdditionals) {}

  /** Collects templates. */
  static final class Builder {
    private byte[] octets = new byte[256];
    private int end;

    /**
     * Takes what was written from {@code start} to the writer's position. The pointers that the
     * writer made move with the length of the question's name.
     *
     * @param requiredEnd where the optional additional records begin
     * @return its number
     */
    int add(
        byte[] message,
        int start,
        int requiredEnd,
        MessageWriter writer,
        int nameLength,
        Counts counts) {
      int template = end;
      int length = writer.position() - start;
      int pointers = writer.pointerCount();
      int size = HEADER + length + pointers * Short.BYTES;
      octets = Growth.withRoom(octets, template, size);
      end = template + size;
      Octets.putShort(octets, template + LENGTH, length);
      Octets.putShort(octets, template + REQUIRED_LENGTH, requiredEnd - start);
      Octets.putShort(octets, template + ANSWERS, counts.answers);
      Octets.putShort(octets, template + AUTHORITIES, counts.authorities);
      Octets.putShort(octets, template + ADDITIONALS, counts.additionals);
      Octets.putShort(octets, template + REQUIRED_ADDITIONALS, counts.requiredAdditionals);
      Octets.putShort(octets, template + NAME_LENGTH, nameLength);
      Octets.putShort(octets, template + POINTERS, pointers);
      System.arraycopy(message, start, octets, template + HEADER, length);
      for (int i = 0; i < pointers; i++) {
        int at = template + HEADER + length + i * Short.BYTES;
        Octets.putShort(octets, at, writer.pointerPosition(i) - start);
      }
      return template;
    }

    /** Forgets all and keeps the room for others. */
    void clear() {
      end = 0;
    }

    Templates build() {
      return new Templates(Arrays.copyOf(octets, end));
    }
  }
}
