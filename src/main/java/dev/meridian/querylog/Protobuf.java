package dev.meridian.querylog;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Protocol Buffers, as much of them as a dnstap message needs. Reused; owned by one thread. */
final class Protobuf {
  private static final int VARINT = 0;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;

  private byte[] octets = new byte[256];
  private int size;

  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }

  /** The octets up to {@link #size}; for reading only. */
  byte[] octets() {
    return octets;
  }

  /** An enumeration or a whole number that is not negative. */
  void number(int field, long value) {
    varint((long) field << 3 | VARINT);
    varint(value);
  }

  void fixed32(int field, int value) {
    varint((long) field << 3 | FIXED32);
    grow(Integer.BYTES);
    ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN).putInt(size, value);
    size += Integer.BYTES;
  }

  void bytes(int field, byte[] value, int length) {
    varint((long) field << 3 | LENGTH);
    varint(length);
    grow(length);
    System.arraycopy(value, 0, octets, size, length);
    size += length;
  }

  private void varint(long value) {
    grow(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      octets[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    octets[size++] = (byte) rest;
  }

  private void grow(int more) {
    if (size + more > octets.length) {
      octets = Arrays.copyOf(octets, Math.max(2 * octets.length, size + more));
    }
  }
}
