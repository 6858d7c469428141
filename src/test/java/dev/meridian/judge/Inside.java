package dev.meridian.judge;

import dev.meridian.net.Prefix;
import java.util.Random;

/** Addresses inside of a prefix. */
final class Inside {
  private Inside() {}

  /** The first address, the last one, or any. */
  static Prefix of(Prefix prefix, Random random) {
    long high = random.nextLong();
    long low = random.nextLong();
    return switch (random.nextInt(3)) {
      case 0 -> with(prefix, 0, 0);
      case 1 -> with(prefix, -1, -1);
      default -> with(prefix, high, low);
    };
  }

  private static Prefix with(Prefix prefix, long highBits, long lowBits) {
    int length = prefix.length();
    if (prefix.ipv4()) {
      long free = 0xFFFF_FFFFL >>> length;
      return new Prefix(true, 0, prefix.low() | (lowBits & free), 32);
    }
    long freeHigh = length >= 64 ? 0 : -1L >>> length;
    long freeLow = length <= 64 ? -1L : length == 128 ? 0 : -1L >>> (length - 64);
    return new Prefix(
        false, prefix.high() | (highBits & freeHigh), prefix.low() | (lowBits & freeLow), 128);
  }
}
