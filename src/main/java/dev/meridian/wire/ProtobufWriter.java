package dev.meridian.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Protocol Buffers, as much of them as dnstap and OpenTelemetry need. Grows; may be reused; owned
 * by one thread.
 */
public final class ProtobufWriter {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;

  private byte[] octets = new byte[256];
  private int size;

  /** Empty. */
  public ProtobufWriter() {}

  /** Begins anew. */
  public void clear() {
    size = 0;
  }

  /** Octets written. */
  public int size() {
    return size;
  }

  /** The octets up to {@link #size}; for reading only, until something is written. */
  public byte[] octets() {
    return octets;
  }

  /** A copy of what is written. */
  public byte[] toByteArray() {
    return Arrays.copyOf(octets, size);
  }

  /** An enumeration or a whole number that is not negative. */
  public void number(int field, long value) {
    varint((long) field << 3 | VARINT);
    varint(value);
  }

  public void fixed32(int field, int value) {
    varint((long) field << 3 | FIXED32);
    grow(Integer.BYTES);
    ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN).putInt(size, value);
    size += Integer.BYTES;
  }

  public void fixed64(int field, long value) {
    varint((long) field << 3 | FIXED64);
    grow(Long.BYTES);
    ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN).putLong(size, value);
    size += Long.BYTES;
  }

  /** The first {@code length} octets of a value. */
  public void bytes(int field, byte[] value, int length) {
    varint((long) field << 3 | LENGTH);
    varint(length);
    grow(length);
    System.arraycopy(value, 0, octets, size, length);
    size += length;
  }

  public void text(int field, String value) {
    byte[] utf8 = value.getBytes(UTF_8);
    bytes(field, utf8, utf8.length);
  }

  /** What another has written, as a message inside of this. */
  public void message(int field, ProtobufWriter message) {
    bytes(field, message.octets, message.size);
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
