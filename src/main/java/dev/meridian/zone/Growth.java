package dev.meridian.zone;

import java.util.Arrays;

/** Makes room for octets that are written one after the other, and nobody knows how many. */
final class Growth {
  /** The longest array that virtual machines make. */
  private static final int MAX_OCTETS = Integer.MAX_VALUE - 8;

  private Growth() {}

  /**
   * The same octets with room for {@code more} behind those that are used; the array itself if it
   * has the room.
   *
   * @throws IllegalStateException if no array is that long
   */
  static byte[] withRoom(byte[] octets, int used, int more) {
    return more <= octets.length - used ? octets : Arrays.copyOf(octets, capacity(used, more));
  }

  /** Half as much again where that is enough and can be: octets are copied a few times only. */
  static int capacity(int used, int more) {
    long needed = (long) used + more;
    if (needed > MAX_OCTETS) {
      throw new IllegalStateException(
          needed + " octets are more than the " + MAX_OCTETS + " that one array holds");
    }
    return (int) Math.min(MAX_OCTETS, Math.max(needed, used + used / 2L));
  }
}
