package dev.meridian.publish;

import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;

/**
 * What a set of files and folders looks like from outside: real paths, names, sizes, times of
 * change and file numbers, with symbolic links followed. Two equal fingerprints mean that there is
 * nothing new to read, short of an edit that keeps size, time and file.
 *
 * <p>Each file is mixed into 128 bits, and all of these are added up, in whatever order the folder
 * has them: where one file is known to have changed, the sum follows without a look at the others
 * ({@link Sight}).
 *
 * @param first one half of the sum
 * @param second the other half
 * @param folders the real folders that were found, to be watched
 */
record Fingerprint(long first, long second, Set<Path> folders) {
  /** Looks at the roots now. What cannot be looked at is part of the picture, too. */
  static Fingerprint of(Collection<Path> roots) {
    Sum sum = new Sum();
    FolderLook look = new FolderLook(sum);
    roots.forEach(look::root);
    return new Fingerprint(sum.first, sum.second, look.folders());
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

  private static final class Sum implements FolderLook.Sink {
    private long first;
    private long second;

    @Override
    public void file(long name, long state) {
      first += FileMix.first(name, state);
      second += FileMix.second(name, state);
    }
  }
}
