package dev.meridian.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers in network order in a byte array. */
public final class Octets {
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private Octets() {}

  /** An unsigned 16-bit number. */
  public static int getShort(byte[] from, int offset) {
    return (short) SHORTS.get(from, offset) & 0xFFFF;
  }

  /** Stores the low 16 bits. */
  public static void putShort(byte[] to, int offset, int value) {
    SHORTS.set(to, offset, (short) value);
  }

  /** A 32-bit number. */
  public static int getInt(byte[] from, int offset) {
    return (int) INTS.get(from, offset);
  }

  /** Stores 32 bits. */
  public static void putInt(byte[] to, int offset, int value) {
    INTS.set(to, offset, value);
  }

  /** A 64-bit number. */
  public static long getLong(byte[] from, int offset) {
    return (long) LONGS.get(from, offset);
  }

  /** Stores 64 bits. */
  public static void putLong(byte[] to, int offset, long value) {
    LONGS.set(to, offset, value);
  }
}
