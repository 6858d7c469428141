package dev.meridian.answer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed hash of short messages that cannot be forged
 * without the key. RFC 9018 §4.4 makes server cookies with it.
 */
final class SipHash {
  private static final int WORD = Long.BYTES;
  private static final int ROUNDS = 2;
  private static final int FINAL_ROUNDS = 4;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private SipHash() {}

  /**
   * The hash of the first {@code length} octets of a message.
   *
   * @param key0 the first half of the key, its first octet lowest
   * @param key1 the second half
   * @param message at least 8 octets longer than {@code length}
   */
  static long hash(long key0, long key1, byte[] message, int length) {
    long v0 = key0 ^ 0x736F6D6570736575L;
    long v1 = key1 ^ 0x646F72616E646F6DL;
    long v2 = key0 ^ 0x6C7967656E657261L;
    long v3 = key1 ^ 0x7465646279746573L;
    int words = length / WORD;
    for (int i = 0; i <= words + 1; i++) { // the words, the rest with the length, the end
      long word = i <= words ? word(message, i, length) : 0;
      v2 ^= i > words ? 0xFF : 0;
      v3 ^= word;
      for (int round = i > words ? FINAL_ROUNDS : ROUNDS; round > 0; round--) {
        v0 += v1;
        v2 += v3;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 = Long.rotateLeft(v0, 32) + v3;
        v2 += v1;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
      }
      v0 ^= word;
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }

  /** A word of the message; in the last one the length stands in the highest octet. */
  private static long word(byte[] message, int index, int length) {
    long word = (long) LONGS.get(message, index * WORD);
    int left = length - index * WORD;
    if (left >= WORD) {
      return word;
    }
    return (word & ~(-1L << (left * Byte.SIZE))) | ((long) length << 56);
  }
}
