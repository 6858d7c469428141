package dev.meridian.publish;

import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/**
 * Mixes what a file looks like into numbers that can be added up and taken off again, in whatever
 * order. A name and a state of 64 bits each make two halves of a sum of 128.
 */
final class FileMix {
  /** The state of a root that is a folder; states of files are odd numbers. */
  static final long FOLDER = 2;

  static final long ABSENT = 4;
  static final long UNREADABLE = 6;

  private static final long FIRST = 0x9E3779B97F4A7C15L;
  private static final long SECOND = 0xC2B2AE3D27D4EB4FL;

  private FileMix() {}

  /** The name of a root that files are found from. */
  static long root(String path) {
    return mix(hash(FIRST, path));
  }

  /** What the names in a folder begin with. */
  static long folder(String path) {
    return hash(FIRST, path);
  }

  /**
   * The name of something in a folder, or of where a root leads.
   *
   * @param above the folder's, or the root's
   */
  static long name(long above, String name) {
    return hash(above, name);
  }

  /** What a file looks like: its size, the time of its last change, its number. */
  static long state(long name, BasicFileAttributes is) {
    Object key = is.fileKey();
    long state = mix(name + is.size());
    state = mix(state + is.lastModifiedTime().to(TimeUnit.NANOSECONDS));
    return mix(state + (key == null ? 0 : key.hashCode())) | 1;
  }

  /** What a file adds to one half of the sum. */
  static long first(long name, long state) {
    return mix(mix(name ^ FIRST) + state);
  }

  /** What it adds to the other half. */
  static long second(long name, long state) {
    return mix(mix(name ^ SECOND) + state);
  }

  private static long hash(long seed, String text) {
    long hash = seed;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * FIRST;
      hash ^= hash >>> 29;
    }
    return hash;
  }

  /** Any bit of the input changes about half of the bits (the finalizer of SplitMix64). */
  private static long mix(long bits) {
    long z = (bits ^ bits >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
