package dev.meridian.publish;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What a set of files and folders looks like from outside: real paths, names, sizes, times of
 * change and file numbers, with symbolic links followed. Two equal fingerprints mean that there is
 * nothing new to read, short of an edit that keeps size, time and file.
 *
 * <p>A folder may have a hundred thousand files, and a load looks at it more than once, so a file
 * costs one system call and no text: each is mixed into 128 bits, and all of these are added up, in
 * whatever order the folder has them.
 *
 * @param first one half of the sum
 * @param second the other half
 * @param folders the real folders that were found, to be watched
 */
record Fingerprint(long first, long second, Set<Path> folders) {
  /** Zone folders are flat; a few levels leave room for $INCLUDE. */
  private static final int MAX_DEPTH = 4;

  /** Looks at the roots now. What cannot be looked at is part of the picture, too. */
  static Fingerprint of(Collection<Path> roots) {
    Look look = new Look();
    roots.forEach(look::root);
    return new Fingerprint(look.first, look.second, look.folders);
  }

  /** 32 hexadecimal digits. */
  String digest() {
    return HexFormat.of().toHexDigits(first) + HexFormat.of().toHexDigits(second);
  }

  /** Whether all looks the same. */
  boolean sees(Fingerprint other) {
    return first == other.first && second == other.second;
  }

  /** That of the roots of both. */
  Fingerprint plus(Fingerprint others) {
    Set<Path> all = new HashSet<>(folders);
    all.addAll(others.folders);
    return new Fingerprint(first + others.first, second + others.second, all);
  }

  /** One look at some roots. */
  private static final class Look {
    private static final long FIRST = 0x9E3779B97F4A7C15L;
    private static final long SECOND = 0xC2B2AE3D27D4EB4FL;
    private static final long ABSENT = 1;
    private static final long UNREADABLE = 2;

    final Set<Path> folders = new HashSet<>();
    long first;
    long second;

    void root(Path root) {
      long name = mix(hash(FIRST, root.toString()));
      try {
        Path real = root.toRealPath();
        BasicFileAttributes is = Files.readAttributes(real, BasicFileAttributes.class);
        if (is.isDirectory()) {
          add(name, 0);
          walk(real, MAX_DEPTH);
        } else {
          file(hash(name, real.toString()), is);
        }
      } catch (IOException e) {
        add(name, ABSENT);
      }
    }

    private void walk(Path folder, int depth) {
      folders.add(folder);
      long above = hash(FIRST, folder.toString());
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
        for (Path entry : entries) {
          String name = String.valueOf(entry.getFileName());
          if (!isHidden(name)) {
            entry(entry, hash(above, name), depth);
          }
        }
      } catch (IOException | DirectoryIteratorException e) {
        add(above, UNREADABLE);
      }
    }

    private void entry(Path entry, long name, int depth) {
      try {
        BasicFileAttributes is = Files.readAttributes(entry, BasicFileAttributes.class);
        if (is.isDirectory() && depth > 1) {
          walk(entry, depth - 1);
        } else {
          file(name, is);
        }
      } catch (IOException e) {
        add(name, UNREADABLE);
      }
    }

    private void file(long name, BasicFileAttributes is) {
      Object key = is.fileKey();
      long state = mix(name + is.size());
      state = mix(state + is.lastModifiedTime().to(TimeUnit.NANOSECONDS));
      add(name, mix(state + (key == null ? 0 : key.hashCode())));
    }

    private void add(long name, long state) {
      first += mix(mix(name ^ FIRST) + state);
      second += mix(mix(name ^ SECOND) + state);
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

    /** Such as {@code .git}, and the swap files of editors. */
    private static boolean isHidden(String name) {
      return name.startsWith(".");
    }
  }
}
